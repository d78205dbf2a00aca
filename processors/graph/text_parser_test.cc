#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "processors/core/errors.h"
#include "processors/graph/text_form.h"
#include "processors/graph/text_test_registry.h"

namespace patchbay::testing {
namespace {

// What the text means, in full.
std::string Full(absl::string_view text) {
  const auto parsed = ParseText(text, TextTestRegistry());
  return parsed.ok() ? PrintText(*parsed, TextTestRegistry()) : parsed.status().ToString();
}

std::string ErrorOf(absl::string_view text) {
  const absl::Status status = ParseText(text, TextTestRegistry()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(status.message());
}

double NumberOf(const std::string& call) {
  const auto parsed = ParseText(call, TextTestRegistry());
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? parsed->call().arguments().begin()->second.number() : NAN;
}

TEST(TextParserTest, Chains) {
  EXPECT_EQ(Full("invert"), "invert()");
  EXPECT_EQ(Full("in[1] | gain(-3dB)|invert()"), "in[1] | gain(gain_db=-3) | invert()");
  EXPECT_EQ(Full("# two steps\n invert # one\n\n | gain # two"), "invert() | gain()");
  EXPECT_EQ(Full("in|((gain|invert)|gain)|(invert)"),
            "in | ((gain() | invert()) | gain()) | (invert())");
}

TEST(TextParserTest, ArgumentsByPositionAndName) {
  EXPECT_EQ(Full("highpass(80, 4)"), "highpass(cutoff_hz=80, order=4)");
  EXPECT_EQ(Full("highpass(80, order=4)"), "highpass(cutoff_hz=80, order=4)");
  EXPECT_EQ(Full("highpass(order=4, cutoff_hz=80)"), "highpass(cutoff_hz=80, order=4)");
  EXPECT_EQ(Full("compressor(in[2], -18)"), "compressor(threshold_db=-18, in=in[2])");
  EXPECT_EQ(Full("compressor(-18, in, in[1] | gain)"),
            "compressor(threshold_db=-18, in=in, sidechain=(in[1] | gain()))");
}

TEST(TextParserTest, EveryTypeOfValue) {
  EXPECT_EQ(Full("compressor(linked=true)"), "compressor(linked=true)");
  EXPECT_EQ(Full("oscillator(saw)"), "oscillator(waveform=saw)");
  EXPECT_EQ(Full("oscillator('saw')"), "oscillator(waveform=saw)");
  EXPECT_EQ(Full("oscillator(true)"), "oscillator(waveform=true)");
  EXPECT_EQ(Full("mix([0.5,-.5, 2/4])"), "mix(weights=[0.5, -0.5, 0.5])");
  EXPECT_EQ(Full("mix([])"), "mix(weights=[])");
  EXPECT_EQ(Full("convolution(@hall)"), "convolution(impulse=@hall)");
  EXPECT_EQ(Full("convolution(@'my hall')"), "convolution(impulse=@'my hall')");
  EXPECT_EQ(Full("compressor(sidechain=in[1])"), "compressor(sidechain=in[1])");
  EXPECT_EQ(Full("compressor(sidechain=(in[1] | highpass))"),
            "compressor(sidechain=(in[1] | highpass()))");
}

TEST(TextParserTest, NamedCalls) {
  EXPECT_EQ(Full("(duck=gain(-3)) | ('left side' = invert)"),
            "(duck = gain(gain_db=-3)) | ('left side' = invert())");
}

TEST(TextParserTest, UnitsAreConvertedToTheParameters) {
  EXPECT_EQ(NumberOf("highpass(2.5kHz)"), 2500);
  EXPECT_EQ(NumberOf("highpass(80 hz)"), 80);
  EXPECT_EQ(NumberOf("gain(-6dB)"), -6);
  EXPECT_EQ(NumberOf("delay(5ms)"), 0.005);
  EXPECT_EQ(NumberOf("delay(3us)"), 0.000003);
  EXPECT_EQ(NumberOf("delay(2min)"), 120);
  EXPECT_EQ(NumberOf("delay(1/4 s)"), 0.25);
  EXPECT_EQ(NumberOf("delay(feedback=50%)"), 0.5);
  EXPECT_EQ(NumberOf("oscillator(phase=90deg)"), 0.25);
  EXPECT_EQ(NumberOf("oscillator(phase=25%)"), 0.25);
  EXPECT_EQ(NumberOf("delay(feedback=2/3)"), 2.0 / 3);
}

TEST(TextParserTest, NotesAreFrequencies) {
  EXPECT_EQ(NumberOf("highpass(A4)"), 440);
  EXPECT_EQ(NumberOf("highpass(A0)"), 27.5);
  EXPECT_NEAR(NumberOf("highpass(C4)"), 261.6256, 1e-4);
  EXPECT_NEAR(NumberOf("highpass(C#5)"), 554.3653, 1e-4);
  EXPECT_NEAR(NumberOf("highpass(cutoff_hz=Bb3)"), 233.0819, 1e-4);
  EXPECT_NEAR(NumberOf("oscillator(freq=B3)"), 246.9417, 1e-4);
}

TEST(TextParserTest, NamesMayBeCutShort) {
  EXPECT_EQ(Full("comp(thr=-18dB,link=false)"), "compressor(threshold_db=-18, linked=false)");
  EXPECT_EQ(Full("osc(sq)"), "oscillator(waveform=square)");
  EXPECT_EQ(ErrorOf("invert | high"),
            "column 10: 'high' is short for several: high_shelf, highpass; write more of it");
  EXPECT_EQ(ErrorOf("oscillator(s)"),
            "column 12: 's' is short for several: sine, saw, square; write more of it");
}

TEST(TextParserTest, ErrorsNamePlaceAndRemedy) {
  EXPECT_EQ(ErrorOf(""), "column 1: expected a processor, 'in' or '(', found the end of the text");
  EXPECT_EQ(ErrorOf("lowpas5"), "column 1: unknown processor 'lowpas5'; did you mean 'lowpass'?");
  EXPECT_EQ(ErrorOf("in | lowpass(cutofff=3)"),
            "column 14: unknown parameter 'cutofff' of lowpass; did you mean 'cutoff_hz'?");
  EXPECT_EQ(ErrorOf("invert |\n # no step\n"),
            "line 3, column 1: expected a processor, 'in' or '(', found the end of the text");
  EXPECT_EQ(ErrorOf("invert(wet=3)"), "column 8: unknown parameter 'wet' of invert; it has in");
  EXPECT_EQ(ErrorOf("lowpass(\n  3ms)"),
            "line 2, column 4: the unit 'ms' does not fit cutoff_hz; its units are Hz, kHz");
  EXPECT_EQ(ErrorOf("lowpass(3foo)"),
            "column 10: unknown unit 'foo' for cutoff_hz; its units are Hz, kHz");
  EXPECT_EQ(ErrorOf("delay(4800frames)"),
            "column 11: frames are not supported in text yet, as delay_seconds would depend on the "
            "sample rate; its units are s, ms, us, min");
  EXPECT_EQ(ErrorOf("lowpass('x')"),
            "column 9: cutoff_hz of lowpass takes -1000 to 20000 Hz, not 'x'");
  EXPECT_EQ(ErrorOf("compressor(linked=1)"),
            "column 19: linked of compressor takes true or false, not '1'");
  EXPECT_EQ(ErrorOf("lowpass(order=2, 3)"), ErrorOf("lowpass(order=2)"));
  EXPECT_EQ(ErrorOf("lowpass(cut=2, 3)"),
            "column 16: arguments without a name must come before those with one");
  EXPECT_EQ(ErrorOf("lowpass(2, cut=3)"), "column 12: cutoff_hz of lowpass is given twice");
  EXPECT_EQ(ErrorOf("lowpass(2, 3)"),
            "column 12: too many arguments without a name; lowpass takes cutoff_hz, in");
  EXPECT_EQ(ErrorOf("gain | in"), "column 8: an input can only be the first step of a chain");
  EXPECT_EQ(ErrorOf("gain(3"), "column 7: expected ',' or ')', found the end of the text");
  EXPECT_EQ(ErrorOf("gain gain"), "column 6: expected '|' or the end, found 'gain'");
  EXPECT_EQ(ErrorOf("gain(é"), "column 6: unexpected character 'é'");
  EXPECT_EQ(ErrorOf("convolution(@'é', ?)"), "column 19: unexpected character '?'");
  EXPECT_EQ(ErrorOf("convolution(@'x"), "column 14: the quote has no end");
  EXPECT_EQ(ErrorOf("convolution(@'\xc0\x80')"), "column 15: the text is not valid UTF-8");
  EXPECT_EQ(ErrorOf("in[1.5]"),
            "column 4: expected the number of an input, counted from 0, found '1.5'");
}

TEST(TextParserTest, ErrorsCarryTheirDetail) {
  const auto detail = DetailOf(ParseText("lowpass(qq=3)", TextTestRegistry()).status());
  EXPECT_EQ(detail.path, "lowpass.qq");
  EXPECT_EQ(detail.value, "qq");
  EXPECT_EQ(detail.allowed, "cutoff_hz, in");
}

TEST(TextParserTest, RefusesWhatIsNoNumber) {
  for (const char* number :
       {"1e9999", "1e-9999", "nan", "inf", "-inf", "1/0", "0/0", "1e308kHz", "--1", "1/-2"}) {
    EXPECT_TRUE(absl::StartsWith(ErrorOf(absl::StrCat("highpass(", number, ")")), "column 1"))
        << number;
  }
}

TEST(TextParserTest, EnforcesItsLimits) {
  const auto repeated = [](const std::string& part, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += part;
    return text;
  };
  const std::string calls = repeated("gain|", kMaxTextCalls - 1) + "gain";
  EXPECT_TRUE(ParseText(calls, TextTestRegistry()).ok());
  EXPECT_EQ(ErrorOf(calls + "|gain"),
            "column 1281: more than 256 processors, definitions and operators");
  const int inside = kMaxTextDepth - 1;
  EXPECT_TRUE(
      ParseText(repeated("(", inside) + "gain" + repeated(")", inside), TextTestRegistry()).ok());
  EXPECT_EQ(ErrorOf(repeated("(", 60'000)), "column 21: nested more than 20 deep");
  EXPECT_EQ(ErrorOf(repeated("gain(in=", 8'000)), "column 161: nested more than 20 deep");
  EXPECT_EQ(ErrorOf(repeated("-", 60'000)), "column 21: nested more than 20 deep");
  EXPECT_EQ(ErrorOf(repeated("1+", 30'000)), "column 40: nested more than 20 deep");
  EXPECT_EQ(ErrorOf(repeated("in[0].x", 1) + repeated("[0]", 20'000)),
            "column 62: nested more than 20 deep");
  EXPECT_TRUE(ParseText("gain" + std::string(kMaxTextBytes - 4, ' '), TextTestRegistry()).ok());
  EXPECT_EQ(ErrorOf("gain" + std::string(kMaxTextBytes, ' ')),
            "column 1: the text has 65540 bytes; at most 65536 are allowed");
}

}  // namespace
}  // namespace patchbay::testing
