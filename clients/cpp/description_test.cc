#include "clients/cpp/description.h"

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace patchbay::testing {
namespace {

bool Equals(const v1::Description& description, const std::string& expected_text) {
  v1::Description expected;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(expected_text, &expected));
  return google::protobuf::util::MessageDifferencer::Equals(description, expected);
}

TEST(DescriptionTest, CallsTakeEveryTypeOfValue) {
  const v1::Description description = Call("x")
                                          .Set("number", 80)
                                          .Set("float", 0.5f)
                                          .Set("boolean", true)
                                          .Set("choice", "sine")
                                          .Set("list", {0.5, 1})
                                          .SetClip("clip", "hall")
                                          .Connect("sidechain", Input(1))
                                          .Name("node");
  EXPECT_TRUE(Equals(description, R"pb(
    expression {
      call {
        processor: "x"
        name: "node"
        arguments {
          key: "number"
          value { number: 80 }
        }
        arguments {
          key: "float"
          value { number: 0.5 }
        }
        arguments {
          key: "boolean"
          value { boolean: true }
        }
        arguments {
          key: "choice"
          value { choice: "sine" }
        }
        arguments {
          key: "list"
          value { numbers { values: 0.5 values: 1 } }
        }
        arguments {
          key: "clip"
          value { clip: "hall" }
        }
        arguments {
          key: "sidechain"
          value { expression { input { index: 1 } } }
        }
      }
    })pb"));
}

TEST(DescriptionTest, ChainsAreOneListOfSteps) {
  const std::string kChain = R"pb(
    expression {
      chain {
        steps { input {} }
        steps { call { processor: "a" } }
        steps { call { processor: "b" } }
      }
    })pb";
  EXPECT_TRUE(Equals(AllInputs() | Call("a") | Call("b"), kChain));
  EXPECT_TRUE(Equals(Chain({AllInputs(), Call("a"), Call("b")}), kChain));
}

TEST(DescriptionTest, ArithmeticListsAndSelections) {
  EXPECT_TRUE(Equals(List({Call("a")[1], -2 * Call("b").Output("level")}), R"pb(
    expression {
      list {
        items {
          selection {
            of { call { processor: "a" } }
            index: 1
          }
        }
        items {
          arithmetic {
            operator: OPERATOR_MULTIPLY
            left { signal { constant: -2 } }
            right {
              selection {
                of { call { processor: "b" } }
                output: "level"
              }
            }
          }
        }
      }
    })pb"));
}

TEST(DescriptionTest, CurvesMoveParameters) {
  const v1::ControlSignal curve = CurveSignal({{0, -60}, {1.5, 0, v1::CURVE_SMOOTH}});
  EXPECT_TRUE(Equals(Call("gain").Set("gain_db", curve), R"pb(
    expression {
      call {
        processor: "gain"
        arguments {
          key: "gain_db"
          value {
            expression {
              signal {
                breakpoints {
                  points { time_seconds: 0 value: -60 }
                  points { time_seconds: 1.5 curve: CURVE_SMOOTH }
                }
              }
            }
          }
        }
      }
    })pb"));
}

TEST(DescriptionTest, GraphsHaveDefinitionsAndOutputs) {
  GraphBuilder graph;
  const Expression x = graph.Define("x", Call("a"));
  graph.Output(x + Reference("music"));
  EXPECT_TRUE(Equals(graph, R"pb(
    expression {
      graph {
        definitions {
          name: "x"
          expression { call { processor: "a" } }
        }
        outputs {
          arithmetic {
            operator: OPERATOR_ADD
            left { reference { name: "x" } }
            right { reference { name: "music" } }
          }
        }
      }
    })pb"));
}

TEST(DescriptionTest, TextAloneAndAsAPart) {
  EXPECT_TRUE(Equals(Text("gain(-3dB)"), "text: 'gain(-3dB)'"));
  EXPECT_TRUE(Equals(0.5 * Text("a") | Call("b") | Text("c"), R"pb(
    expression {
      chain {
        steps {
          arithmetic {
            operator: OPERATOR_MULTIPLY
            left { signal { constant: 0.5 } }
            right { text: "a" }
          }
        }
        steps { call { processor: "b" } }
        steps { text: "c" }
      }
    })pb"));
}

}  // namespace
}  // namespace patchbay::testing
