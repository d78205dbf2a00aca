#ifndef PROCESSORS_CORE_CLIP_RESTRICTION_H_
#define PROCESSORS_CORE_CLIP_RESTRICTION_H_

#include <concepts>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "processors/core/clip_processor.h"
#include "processors/core/registry.h"

namespace patchbay {

// A Restriction on whole clips is a plain function; its signature says what it does:
//
//   Clip Reverse(Clip clip)                                     one to one
//   std::vector<Clip> Chop(Clip clip, double threshold_db)      one to many
//   Clip Catenate(std::vector<Clip> clips, double gap_seconds)  many to one
//   std::vector<Clip> Sort(std::vector<Clip> clips)             many to many
//
// What it returns may also be wrapped in absl::StatusOr. After the clips come, in any number:
// const Progress& for long work, and the parameters in the order of the table: double, int, bool,
// const std::string& (a choice), const std::vector<double>&.
//
//   const ClipRestriction kReverse(&Reverse, {.name = "reverse", ...});
//
// registers it. Timing, ports and rates follow from the signature; a table that does not match it
// fails at start-up.
template <typename Result, typename Clips, typename... Arguments>
class ClipRestriction {
  template <typename T>
  static constexpr bool kIsProgress = std::same_as<std::remove_cvref_t<T>, Progress>;
  static constexpr bool kTakesAll = std::same_as<std::remove_cvref_t<Clips>, std::vector<Clip>>;
  static_assert(kTakesAll || std::same_as<std::remove_cvref_t<Clips>, Clip>,
                "the first argument is a Clip or a std::vector<Clip>");
  static constexpr bool kGivesMany = std::same_as<Result, std::vector<Clip>> ||
                                     std::same_as<Result, absl::StatusOr<std::vector<Clip>>>;
  static constexpr size_t kNumParameters = (size_t{0} + ... + size_t{!kIsProgress<Arguments>});

 public:
  ClipRestriction(Result (*function)(Clips, Arguments...), ProcessorSpec spec) {
    spec.timing = Timing::kWholeClip;
    spec.checkpointable = false;
    spec.inputs[0].repeated = kTakesAll;
    spec.outputs[0].repeated = kGivesMany;
    if (spec.parameters.size() != kNumParameters) {
      spec.name += " (table and signature differ in the number of parameters)";
    }
    Registry::Global().Register({
        .spec = std::move(spec),
        .plan = [](const Parameters&, const StreamFormat&) -> absl::StatusOr<Layout> {
          return Layout();
        },
        .create = [function](const Parameters& parameters, const StreamFormat&)
            -> absl::StatusOr<std::shared_ptr<const Processor>> {
          return std::make_shared<Adaptor>(function, parameters);
        },
    });
  }

 private:
  class Adaptor final : public ClipProcessor {
   public:
    Adaptor(Result (*function)(Clips, Arguments...), const Parameters& parameters)
        : function_(function), parameters_(parameters) {}

    absl::StatusOr<std::vector<Clip>> Run(std::vector<Clip> clips,
                                          const Progress& progress) const override {
      [[maybe_unused]] int next = 0;  // parameter
      // Braces: the arguments are made from left to right.
      std::tuple<std::remove_cvref_t<Arguments>...> arguments{
          Get<std::remove_cvref_t<Arguments>>(progress, next)...};
      absl::StatusOr<ResultValue> result = std::apply(
          [&](const auto&... values) -> absl::StatusOr<ResultValue> {
            if constexpr (kTakesAll) return function_(std::move(clips), values...);
            if constexpr (!kTakesAll) return function_(std::move(clips[0]), values...);
          },
          arguments);
      if (!result.ok()) return result.status();
      if constexpr (kGivesMany) return *std::move(result);
      std::vector<Clip> one;
      if constexpr (!kGivesMany) one.push_back(*std::move(result));
      return one;
    }

   private:
    using ResultValue = std::conditional_t<kGivesMany, std::vector<Clip>, Clip>;

    template <typename T>
    T Get(const Progress& progress, int& next) const {
      if constexpr (kIsProgress<T>) {
        return progress;
      } else if constexpr (std::same_as<T, double> || std::same_as<T, int>) {
        return static_cast<T>(parameters_.number(next++));
      } else {
        return std::get<T>(parameters_.value(next++));
      }
    }

    Result (*const function_)(Clips, Arguments...);
    const Parameters parameters_;
  };
};

}  // namespace patchbay

#endif  // PROCESSORS_CORE_CLIP_RESTRICTION_H_
