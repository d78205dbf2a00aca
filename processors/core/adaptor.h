#ifndef PROCESSORS_CORE_ADAPTOR_H_
#define PROCESSORS_CORE_ADAPTOR_H_

#include <concepts>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "processors/core/processor.h"

namespace patchbay {

// What a Restriction may ask for beside audio and parameters.
struct Meta {
  int sample_rate_hz;
  int64_t position_frames;  // as in ProcessIo
  int64_t end_frame;
};

// The output of a Restriction without inputs.
struct NewBlock : Block {
  using Block::Block;
  explicit NewBlock(Block block) : Block(block) {}
};

// The output of an analyser: one value per frame.
using ControlOutput = std::span<float>;

namespace internal {

// The argument types of a function, or of the operator() of a struct.
template <typename T>
struct Signature : Signature<decltype(&T::operator())> {};
template <typename... Args>
struct Signature<void (*)(Args...)> {
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
};
template <typename T, typename... Args>
struct Signature<void (T::*)(Args...)> {
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
};
template <typename T, typename... Args>
struct Signature<void (T::*)(Args...) const> {
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
};

template <typename T>
concept ParameterArgument =
    std::same_as<T, Control> || std::same_as<T, double> || std::same_as<T, int> ||
    std::same_as<T, bool> || std::same_as<T, std::string>;

template <typename T>
constexpr ParameterType TypeOf() {
  if constexpr (std::same_as<T, int>) return ParameterType::kInteger;
  if constexpr (std::same_as<T, bool>) return ParameterType::kBoolean;
  if constexpr (std::same_as<T, std::string>) return ParameterType::kChoice;
  return ParameterType::kNumber;
}

template <typename T>
concept Remembers = requires(T t, StateArchive& archive) { t.Archive(archive); };

}  // namespace internal

// The full plug around a Restriction: see restriction.h.
template <typename Callable>
class Adaptor final : public StreamingProcessor {
  using Arguments = typename internal::Signature<Callable>::Arguments;
  static constexpr size_t kNumArguments = std::tuple_size_v<Arguments>;
  template <size_t I>
  using Argument = std::tuple_element_t<I, Arguments>;

  template <typename T>
  static constexpr bool Takes() {
    return []<size_t... I>(std::index_sequence<I...>) {
      return (std::same_as<T, Argument<I>> || ...);
    }(std::make_index_sequence<kNumArguments>());
  }

  static constexpr bool kMixes = Takes<std::span<const ConstBlock>>();
  static constexpr bool kReads = Takes<ConstBlock>();
  static constexpr bool kWrites = Takes<Block>();
  static constexpr bool kSynthesises = Takes<NewBlock>();
  static constexpr bool kAnalyses = Takes<ControlOutput>();
  static constexpr bool kMutates = kWrites && !kReads && !kMixes;
  static_assert(kWrites + kSynthesises + kAnalyses == 1,
                "a Restriction puts out a Block, a NewBlock, or control signals");

  // How many arguments before the Ith stand for a parameter of the table.
  template <size_t I>
  static constexpr size_t ParametersBefore() {
    return []<size_t... J>(std::index_sequence<J...>) {
      return (size_t{0} + ... + size_t{internal::ParameterArgument<Argument<J>>});
    }(std::make_index_sequence<I>());
  }

  template <size_t I>
  static constexpr size_t ControlOutputsBefore() {
    return []<size_t... J>(std::index_sequence<J...>) {
      return (size_t{0} + ... + size_t{std::same_as<Argument<J>, ControlOutput>});
    }(std::make_index_sequence<I>());
  }

 public:
  Adaptor(Callable callable, const Parameters& parameters, const StreamFormat& format)
      : callable_(callable),
        parameters_(parameters),
        sample_rate_hz_(format.sample_rate_hz) {}

  // Derives ports and in_place from the signature. Parameters whose type or rate the signature
  // contradicts are renamed so that Defects() rejects the table.
  static void FillPorts(ProcessorSpec& spec) {
    spec.in_place = kMutates;
    if (!kMixes && !kReads && !kWrites) spec.inputs.clear();
    if (kMixes) spec.inputs = {{.name = "in", .doc = "The clips.", .repeated = true}};
    if (kAnalyses) spec.outputs.clear();
    [&]<size_t... I>(std::index_sequence<I...>) {
      (CheckArgument<I>(spec), ...);
    }(std::make_index_sequence<kNumArguments>());
    if (spec.parameters.size() != ParametersBefore<kNumArguments>()) {
      spec.name += " (table and signature differ in the number of parameters)";
    }
    if (spec.control_outputs.size() != ControlOutputsBefore<kNumArguments>()) {
      spec.name += " (table and signature differ in the number of control outputs)";
    }
  }

  static absl::StatusOr<Layout> Plan(const Parameters&, const StreamFormat& format) {
    Layout layout = {.state_bytes = sizeof(Callable)};
    if (kSynthesises) layout.output_channels = {1};
    if (kWrites) layout.output_channels = {format.input_channels[0]};
    return layout;
  }

  std::unique_ptr<State> NewState() const override { return std::make_unique<RunningState>(*this); }

 private:
  class RunningState final : public State {
   public:
    explicit RunningState(const Adaptor& adaptor)
        : adaptor_(adaptor), callable_(adaptor.callable_) {}

   private:
    void Run(const ProcessIo& io) override {
      [&]<size_t... I>(std::index_sequence<I...>) {
        callable_(adaptor_.template Get<I>(io)...);
      }(std::make_index_sequence<kNumArguments>());
    }
    void Archive(StateArchive& archive) override {
      if constexpr (internal::Remembers<Callable>) callable_.Archive(archive);
    }

    const Adaptor& adaptor_;
    Callable callable_;
  };

  template <size_t I>
  static void CheckArgument(ProcessorSpec& spec) {
    using T = Argument<I>;
    if constexpr (internal::ParameterArgument<T>) {
      constexpr size_t kIndex = ParametersBefore<I>();
      if (kIndex >= spec.parameters.size()) return;
      ParameterSpec& parameter = spec.parameters[kIndex];
      const bool moves = parameter.rate != Rate::kFixed;
      if (parameter.type != internal::TypeOf<T>() || moves != std::same_as<T, Control>) {
        parameter.name += " (table and signature differ in its type)";
      }
    }
  }

  template <size_t I>
  Argument<I> Get(const ProcessIo& io) const {
    using T = Argument<I>;
    constexpr int kIndex = static_cast<int>(ParametersBefore<I>());
    if constexpr (std::same_as<T, Block>) return io.outs[0];
    if constexpr (std::same_as<T, NewBlock>) return NewBlock(io.outs[0]);
    if constexpr (std::same_as<T, ConstBlock>) return io.ins[0];
    if constexpr (std::same_as<T, std::span<const ConstBlock>>) return io.ins;
    if constexpr (std::same_as<T, ControlOutput>) return io.control_outs[ControlOutputsBefore<I>()];
    if constexpr (std::same_as<T, Control>) return io.controls[kIndex];
    if constexpr (std::same_as<T, double>) return parameters_.number(kIndex);
    if constexpr (std::same_as<T, int>) return static_cast<int>(parameters_.number(kIndex));
    if constexpr (std::same_as<T, bool>) return std::get<bool>(parameters_.value(kIndex));
    if constexpr (std::same_as<T, std::string>) {
      return std::get<std::string>(parameters_.value(kIndex));
    }
    if constexpr (std::same_as<T, Meta>) {
      return {sample_rate_hz_, io.position_frames, io.end_frame};
    }
  }

  const Callable callable_;
  const Parameters parameters_;
  const int sample_rate_hz_;
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_ADAPTOR_H_
