#include <string>

#include "google/protobuf/io/coded_stream.h"
#include "gtest/gtest.h"
#include "patchbay/v1/session.pb.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

// What the text means, in full. There are inputs 'guitar' and 'C4'.
std::string Full(absl::string_view text) {
  const auto parsed = ParseText(text, TextTestRegistry(), {"guitar", "C4"});
  if (parsed.ok()) return PrintText(*parsed, TextTestRegistry());
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(parsed.status().message());
}

v1::Expression ParseOrDie(absl::string_view text) {
  const auto parsed = ParseText(text, TextTestRegistry());
  EXPECT_TRUE(parsed.ok()) << text << "\n" << parsed.status();
  return parsed.ok() ? *parsed : v1::Expression();
}

TEST(TextGraphTest, StatementsEndWithTheLineOrASemicolon) {
  const std::string full = "a = invert()\nb = gain()\na";
  EXPECT_EQ(Full("a = invert; b = gain; a"), full);
  EXPECT_EQ(Full("\n;; a = invert # first\n\n;\r\nb =\n gain(\n)\na;\n"), full);
  EXPECT_EQ(Full("in[0]\n in[1]"), "in[0]\nin[1]");
}

TEST(TextGraphTest, ALineGoesOnInBracketsAndAroundOperators) {
  EXPECT_EQ(Full("in[0] +\n in[1]\n | invert |\n gain(\n3)"),
            "in[0] + in[1] | invert() | gain(gain_db=3)");
  EXPECT_EQ(Full("x = [in[0]\n,in[1]\n]\nx"), "x = [in[0], in[1]]\nx");
  EXPECT_EQ(Full("in[0]\n- in[1]"), "in[0]\n-1 * in[1]");
}

TEST(TextGraphTest, OneExpressionIsNoGraph) {
  EXPECT_TRUE(ParseOrDie("invert").has_call());
  EXPECT_TRUE(ParseOrDie("invert; gain").has_graph());
  EXPECT_TRUE(ParseOrDie("a = invert; a").has_graph());
}

TEST(TextGraphTest, DefinitionsAndInputsComeBeforeNotesAndProcessors) {
  EXPECT_EQ(Full("gain | invert; gain = lfo"), "gain = lfo()\ngain | invert()");
  EXPECT_TRUE(ParseOrDie("gain; gain = lfo").graph().outputs(0).has_reference());
  EXPECT_TRUE(ParseOrDie("gain(); gain = lfo").graph().outputs(0).has_call());
  EXPECT_EQ(Full("oscillator(frequency=C4)"), "oscillator(frequency_hz=C4)");
  EXPECT_EQ(Full("oscillator(frequency=A4)"), "oscillator(frequency_hz=440)");
  EXPECT_EQ(Full("lowpass(A4); A4 = in"), "A4 = in\nlowpass(cutoff_hz=440)");
  EXPECT_EQ(Full("'in' = in; 'in'"), "'in' = in\n'in'");
}

TEST(TextGraphTest, OperatorsBindAsUsual) {
  EXPECT_EQ(Full("in[0]+in[1]*in[2]-in[3]"), "in[0] + in[1] * in[2] - in[3]");
  EXPECT_EQ(Full("0.5*in[0]|invert"), "0.5 * in[0] | invert()");
  EXPECT_EQ(Full("-in[0][1]"), "-1 * in[0][1]");
  EXPECT_EQ(Full("in[0] - -guitar"), "in[0] - -1 * guitar");
  EXPECT_EQ(Full("2/3 * in"), "0.6666666666666666 * in");
  EXPECT_EQ(Full("in * 2/4"), "in * 2 / 4");
  EXPECT_EQ(Full("lfo()/3"), "lfo() / 3");
  EXPECT_EQ(Full("follower().level/3"), "follower().level / 3");
  EXPECT_EQ(Full("in * (2/4)"), "in * 0.5");
  EXPECT_EQ(Full("guitar/3"),
            "column 1: unknown processor, definition or input 'guitar/3'; to divide, write spaces "
            "around the '/'");
}

TEST(TextGraphTest, ParenthesesMakeAChainUnlessTheyGroup) {
  EXPECT_EQ(ParseOrDie("(invert)").chain().steps_size(), 1);
  EXPECT_EQ(ParseOrDie("(invert | gain)").chain().steps_size(), 2);
  EXPECT_TRUE(ParseOrDie("(in[0] + in[1])").has_arithmetic());
  EXPECT_TRUE(ParseOrDie("(3dB)").has_signal());
  EXPECT_TRUE(ParseOrDie("((3dB))").chain().steps(0).has_signal());
}

TEST(TextGraphTest, Selections) {
  EXPECT_EQ(ParseOrDie("in[2]").input().index(), 2);
  EXPECT_EQ(ParseOrDie("in[][2]").selection().index(), 2);
  EXPECT_EQ(Full("f = follower; f.peak + f . 'level'"), "f = follower()\nf.peak + f.level");
  EXPECT_EQ(Full("invert[3][0]"), "invert()[3][0]");
  EXPECT_EQ(Full("in.x[-1]"), "column 6: expected the number of a clip, counted from 0, found '-'");
  EXPECT_EQ(Full("in.(x)"), "column 4: expected the name of a control output, found '('");
}

TEST(TextGraphTest, WhatMovesAParameter) {
  EXPECT_EQ(Full("d = follower; gain(-24dB * d)"), "d = follower()\ngain(gain_db=-24 * d)");
  EXPECT_EQ(Full("gain(gain = lfo(2Hz, 6dB))"), "gain(gain_db=lfo(rate_hz=2, depth=6))");
  EXPECT_EQ(Full("gain(gain = 50% * (lfo | gain))"), "gain(gain_db=0.5 * (lfo() | gain()))");
  EXPECT_EQ(Full("gain((-3dB))"), "gain(gain_db=(-3))");
  EXPECT_EQ(Full("gain(1 + 2)"), "gain(gain_db=1 + 2)");
  EXPECT_EQ(Full("gain(balance = 50%)"), "gain(balance=0.5)");
  EXPECT_EQ(Full("gain(bal = lfo)"), "gain(balance=lfo())");
  EXPECT_EQ(Full("gain(gain = 3Hz * lfo)"),
            "column 14: the unit 'Hz' does not fit gain_db; its units are dB");
  EXPECT_EQ(Full("gain(gain = [lfo, lfo])"),
            "column 13: gain_db of gain takes one signal, not a list");
  EXPECT_EQ(Full("lowpass(lfo)"),
            "column 9: cutoff_hz of lowpass takes -1000 to 20000 Hz, not 'lfo'; nothing can "
            "control it");
}

TEST(TextGraphTest, ArgumentsWithoutAName) {
  // Controls are for parameters, other signals for ports while there are any.
  EXPECT_EQ(Full("gain(lfo)"), "gain(gain_db=lfo())");
  EXPECT_EQ(Full("gain(guitar)"), "gain(in=guitar)");
  EXPECT_EQ(Full("gain(lfo, invert)"), "gain(gain_db=lfo(), in=invert())");
  EXPECT_EQ(Full("gain(x); x = y; y = follower"), "x = y\ny = follower()\ngain(gain_db=x)");
  EXPECT_EQ(Full("gain(x); x = x"), "x = x\ngain(in=x)");
  EXPECT_EQ(Full("gain(invert.level)"), "gain(gain_db=invert().level)");
  EXPECT_EQ(Full("gain((a = lfo) | lfo)"), "gain(gain_db=((a = lfo()) | lfo()))");
  EXPECT_EQ(Full("gain(lfo | invert)"), "gain(in=(lfo() | invert()))");
  EXPECT_EQ(Full("gain({-3dB, 1s: 0dB})"), "gain(gain_db={-3, 1s: 0})");
  EXPECT_EQ(Full("oscillator(saw, guitar)"), "oscillator(waveform=saw, frequency_hz=guitar)");
  EXPECT_EQ(Full("invert(2 * in)"), "invert(in=2 * in)");
  EXPECT_EQ(Full("mix([1, 2], [in[0], in[1]])"), "mix(weights=[1, 2], in=[in[0], in[1]])");
  EXPECT_EQ(Full("invert(in[0], in[1])"),
            "column 15: too many arguments without a name; invert takes in");
}

TEST(TextGraphTest, Curves) {
  const auto curve = ParseOrDie("{-1, 1/2: 2 step, 5ms: 3 exponential, 4800frames: 4}").signal();
  ASSERT_EQ(curve.breakpoints().points_size(), 4);
  const auto& points = curve.breakpoints().points();
  EXPECT_EQ(points[0].position_case(), v1::Breakpoint::POSITION_NOT_SET);
  EXPECT_EQ(points[0].value(), -1);
  EXPECT_EQ(points[0].curve(), v1::CURVE_UNSPECIFIED);
  EXPECT_EQ(points[1].time_seconds(), 0.5);
  EXPECT_EQ(points[1].curve(), v1::CURVE_STEP);
  EXPECT_EQ(points[2].time_seconds(), 0.005);
  EXPECT_EQ(points[2].curve(), v1::CURVE_EXPONENTIAL);
  EXPECT_EQ(points[3].frame(), 4800);
  EXPECT_EQ(Full("sweep({0: A4 linear, 1min: 1kHz smooth})"),
            "sweep(center_hz={0s: 440 linear, 60s: 1000 smooth})");
  EXPECT_EQ(Full("{9223372036854775807frames: 0}"), "{9223372036854775807frames: 0}");
  EXPECT_EQ(Full("{1.5frames: 0}"), "column 2: frames are whole numbers, not 1.5");
  EXPECT_EQ(Full("{1Hz: 0}"),
            "column 3: the unit 'Hz' does not fit a time; its units are s, ms, us, min");
  EXPECT_EQ(Full("{}"), "column 2: expected a point of the curve, such as '0.5s: 1', found '}'");
}

TEST(TextGraphTest, SampledCurves) {
  const auto samples = ParseOrDie("{[0.1, -2, 50%] 1kHz step}").signal().samples();
  const float values[] = {0.1f, -2, 0.5f};
  EXPECT_EQ(samples.values(), std::string(reinterpret_cast<const char*>(values), sizeof(values)));
  EXPECT_EQ(samples.rate_hz(), 1000);
  EXPECT_EQ(samples.curve(), v1::CURVE_STEP);
  EXPECT_EQ(Full("{[1]}"), "{[1]}");
  EXPECT_EQ(Full("{[1] smooth}"), "column 6: between values at a rate, a curve is linear or step");
  EXPECT_EQ(Full("{[1] 0Hz}"), "column 6: the rate of the values must be positive");
  EXPECT_EQ(Full("{[1e39]}"), "column 3: the number is too large for a sample");
}

TEST(TextGraphTest, UnitsOutsideParametersAndOfNewKinds) {
  EXPECT_EQ(Full("[3dB, 2kHz, 5ms, 50%, 90deg, A4, 50cents, 120bpm]"),
            "[3, 2000, 0.005, 0.5, 0.25, 440, 0.5, 120]");
  EXPECT_EQ(Full("sweep(A4, 7st, 120bpm)"),
            "sweep(center_hz=440, interval_semitones=7, tempo_bpm=120)");
  EXPECT_EQ(Full("lfo(depth=A4)"), "lfo(depth=440)");
  EXPECT_EQ(
      Full("sweep(interval=3dB)"),
      "column 17: the unit 'dB' does not fit interval_semitones; its units are semitones, st, "
      "cents");
}

TEST(TextGraphTest, ErrorsNamePlaceAndRemedy) {
  EXPECT_EQ(Full("duck = lfo; gain(duk)"),
            "column 18: unknown processor, definition or input 'duk'; did you mean 'duck'?");
  EXPECT_EQ(Full("duck = lfo\n'duk'"),
            "line 2, column 1: unknown definition or input 'duk'; did you mean 'duck'?");
  EXPECT_EQ(Full("a = lfo\na = gain\na"), "line 2, column 1: 'a' is defined twice");
  EXPECT_EQ(Full("guitar = lfo"), "column 1: 'guitar' is the name of an input");
  EXPECT_EQ(Full("in = lfo"), "column 1: 'in' is the input of the session; take another name");
  EXPECT_EQ(Full("'' = lfo; lfo"), "column 1: a definition needs a name");
  EXPECT_EQ(Full("a = lfo"), "column 8: nothing is put out: add an expression, such as a");
  EXPECT_EQ(Full("a = ; gain"), "column 5: expected a processor, 'in' or '(', found ';'");
  EXPECT_EQ(Full("gain; (b = gain\n;)"), "line 2, column 1: expected ')', found ';'");
  EXPECT_EQ(Full("gain gain\n"), "line 1, column 6: expected '|' or the end, found 'gain'");
}

// What is nested as deep as the text form allows can be read by every client that leaves protobuf's
// limit of 100 at its default, in a request around it.
TEST(TextGraphTest, TheDeepestTextFitsProtobufsLimit) {
  std::string text;
  for (int i = 1; i < kMaxTextDepth; ++i) text += "mix(in=";
  text += "mix([1])" + std::string(kMaxTextDepth - 1, ')');
  v1::SessionConfig config;
  *config.mutable_description()->mutable_expression() = ParseOrDie("a = lfo; " + text);
  const std::string bytes = config.SerializeAsString();
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  constexpr int kAround = 10;
  stream.SetRecursionLimit(100 - kAround);
  EXPECT_TRUE(v1::SessionConfig().ParseFromCodedStream(&stream));
}

}  // namespace
}  // namespace patchbay::testing
