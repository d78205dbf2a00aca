#include "tests/contract/random_graph.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace patchbay::testing {
namespace {

double Between(double low, double high, std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

int Below(int end, std::mt19937_64& random) { return static_cast<int>(random() % end); }

// Breakpoints and samples between -1 and 1.
std::string Curve(std::mt19937_64& random) {
  static const char* const kCurves[] = {"", " step", " smooth", " exponential", " linear"};
  if (Below(4, random) == 0) {
    return absl::StrCat("{[", Between(-1, 1, random), ", ", Between(-1, 1, random), ", ",
                        Between(-1, 1, random), "] ", Between(20, 5000, random), "Hz",
                        Below(2, random) == 0 ? " step" : "", "}");
  }
  std::vector<std::string> points = {absl::StrCat(Between(-1, 1, random))};
  int frame = 0;
  for (int i = Below(4, random); i >= 0; --i) {
    frame += Below(1500, random);
    points.push_back(
        absl::StrCat(frame, "frames: ", Between(-1, 1, random), kCurves[Below(5, random)]));
  }
  return absl::StrCat("{", absl::StrJoin(points, ", "), "}");
}

}  // namespace

RandomGraph::RandomGraph(int size, std::mt19937_64& random) {
  for (int i = 0; i < size; ++i) {
    if (Below(3, random) > 0) {
      definitions_.push_back({absl::StrCat("c", i), NewControl(random)});
    }
    const std::string name = absl::StrCat("a", i);
    definitions_.push_back({name, NewAudio(name, random)});
  }
  output_ = absl::StrCat("a", size - 1, " + 0 * in[0] + 0 * in[1]");
}

std::string RandomGraph::Pick(char kind, const std::string& otherwise,
                              std::mt19937_64& random) const {
  std::vector<std::string> names = {otherwise};
  for (const Definition& definition : definitions_) {
    if (definition.name[0] == kind) names.push_back(definition.name);
  }
  return names[random() % names.size()];
}

std::string RandomGraph::Audio(std::mt19937_64& random) const {
  return Pick('a', absl::StrCat("in[", Below(2, random), "]"), random);
}

// About -1 to 1.
std::string RandomGraph::Control(std::mt19937_64& random) const {
  return Pick('c', Curve(random), random);
}

std::string RandomGraph::NewControl(std::mt19937_64& random) const {
  switch (Below(9, random)) {
    case 0:
      return absl::StrCat("lfo(rate_hz=", Between(1, 400, random), ", depth=", Control(random),
                          ")");
    case 1:
      return absl::StrCat("envelope_follower(", Audio(random),
                          ", release_seconds=", Between(0.001, 0.1, random), ")");
    case 2:
      return absl::StrCat("random(seed=", Below(99, random),
                          ", mode=", Below(2, random) == 0 ? "hold" : "smooth",
                          ", rate_hz=", Between(5, 300, random), ")");
    case 3:
      return absl::StrCat("slew(input=", Control(random), ")");
    case 4:
      return absl::StrCat("quantize(input=", Control(random), ", step=0.25)");
    case 5:
      return absl::StrCat(Control(random), " * ", Control(random));
    case 6:
      return absl::StrCat("0.5 * ", Control(random), " - ", Between(-1, 1, random));
    case 7:
      return absl::StrCat("step_sequence(values=[0.1, -0.7, 0.5], step_seconds=",
                          Between(0.001, 0.03, random), ")");
    default:
      return absl::StrCat("map(input=", Control(random), ", out_minimum=-1, out_maximum=1)");
  }
}

std::string RandomGraph::NewAudio(const std::string& name, std::mt19937_64& random) const {
  const std::string in = Audio(random);
  switch (Below(12, random)) {
    case 0:
      return absl::StrCat(in, " | gain(gain_db=12 * ", Control(random), ")");
    case 1:
      return absl::StrCat(in, " | lowpass(cutoff_hz=2000 + 1500 * ", Control(random), ")");
    case 2:
      return absl::StrCat(in, " + ", Audio(random));
    case 3:
      return absl::StrCat("0.5 * ", in, " - ", Audio(random), " * ", Control(random));
    case 4:
      return absl::StrCat(in, " | delay(delay_seconds=", Between(0, 0.02, random),
                          ", feedback=0.3, mix=0.5 + 0.5 * ", Control(random), ")");
    case 5:
      return absl::StrCat(in, " | fade(in_seconds=0, out_seconds=", Between(0, 0.01, random), ")");
    case 6:
      return absl::StrCat(in, " | compressor(threshold_db=-30 + 10 * ", Control(random),
                          ", sidechain=", Audio(random), ")");
    case 7:
      return absl::StrCat(in, " | peak(1000Hz, 6dB, balance=0.5 + 0.5 * ", Control(random), ")");
    case 8:
      return absl::StrCat("oscillator(frequency_hz=300 + 100 * ", Control(random), ") + ", in);
    case 9:
      // What comes late into a loop, its delay has to make up for.
      return absl::StrCat("in[0] + 0.5 * ", name,
                          " | delay(delay_seconds=", Between(0.006, 0.02, random),
                          ", mix=1, feedback=0)");
    case 10:
      return absl::StrCat(in, " | highpass(80Hz) | scale(offset=0.1 * ", Control(random), ")");
    default:
      return absl::StrCat("dry_wet(dry=", in, ", wet=", Audio(random), ", balance=0.5 + 0.5 * ",
                          Control(random), ")");
  }
}

std::string RandomGraph::Text() const {
  std::string text;
  for (const Definition& definition : definitions_) {
    absl::StrAppend(&text, definition.name, " = ", definition.expression, "\n");
  }
  return text + output_;
}

RandomGraph RandomGraph::Without(size_t index) const {
  RandomGraph graph = *this;
  const std::string name = definitions_[index].name;
  const std::string instead = name[0] == 'a' ? "in[0]" : "{0.5}";
  graph.definitions_.erase(graph.definitions_.begin() + static_cast<ptrdiff_t>(index));
  const auto replace = [&](std::string& text) {
    // Names are a letter and a number: what follows must not be one more digit.
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      const size_t after = at + name.size();
      const bool is_whole = (at == 0 || !std::isalnum(text[at - 1])) &&
                            (after == text.size() || !std::isalnum(text[after]));
      if (is_whole) text.replace(at, name.size(), instead);
    }
  };
  for (Definition& definition : graph.definitions_) replace(definition.expression);
  replace(graph.output_);
  return graph;
}

RandomGraph RandomGraph::Shrunk(const std::function<bool(const RandomGraph&)>& fails) const {
  RandomGraph smallest = *this;
  for (bool shrank = true; shrank;) {
    shrank = false;
    for (size_t i = 0; i < smallest.definitions_.size() && !shrank; ++i) {
      const RandomGraph smaller = smallest.Without(i);
      if (!fails(smaller)) continue;
      smallest = smaller;
      shrank = true;
    }
  }
  return smallest;
}

}  // namespace patchbay::testing
