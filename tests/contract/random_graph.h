#ifndef TESTS_CONTRACT_RANDOM_GRAPH_H_
#define TESTS_CONTRACT_RANDOM_GRAPH_H_

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace patchbay::testing {

// A Description in the text form, statement by statement, for tests that try many. Takes two mono
// inputs; the last statement is what it puts out.
class RandomGraph {
 public:
  // A graph of `size` audio nodes with control signals between them, some in loops.
  RandomGraph(int size, std::mt19937_64& random);

  std::string Text() const;

  // The smallest part of it for which `fails` still holds.
  RandomGraph Shrunk(const std::function<bool(const RandomGraph&)>& fails) const;

 private:
  struct Definition {
    std::string name;  // "a3": audio, "c2": a control signal
    std::string expression;
  };

  std::string Audio(std::mt19937_64& random) const;
  std::string Control(std::mt19937_64& random) const;
  std::string NewAudio(const std::string& name, std::mt19937_64& random) const;
  std::string NewControl(std::mt19937_64& random) const;
  std::string Pick(char kind, const std::string& otherwise, std::mt19937_64& random) const;
  // Without a definition: what used it gets something simple instead.
  RandomGraph Without(size_t definition) const;

  std::vector<Definition> definitions_;
  std::string output_;
};

}  // namespace patchbay::testing

#endif  // TESTS_CONTRACT_RANDOM_GRAPH_H_
