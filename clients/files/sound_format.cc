#include "clients/files/sound_format.h"

#include <sndfile.h>

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/files/partial_file.h"
#include "processors/core/errors.h"

namespace patchbay {
namespace {

struct Container {
  const char* name;
  int code;
  const char* suffixes;  // beside the name
  bool counts_in_32_bits = false;
};

constexpr Container kContainers[] = {
    {"wav", SF_FORMAT_WAV, "wave", true},
    {"flac", SF_FORMAT_FLAC, ""},
    {"aiff", SF_FORMAT_AIFF, "aif aifc", true},
    {"caf", SF_FORMAT_CAF, ""},
    {"ogg", SF_FORMAT_OGG, "oga opus"},
    {"mpeg", SF_FORMAT_MPEG, "mp3 mp2"},
    {"w64", SF_FORMAT_W64, ""},
    {"rf64", SF_FORMAT_RF64, ""},
    {"wavex", SF_FORMAT_WAVEX, "", true},
    {"au", SF_FORMAT_AU, "snd"},
    {"raw", SF_FORMAT_RAW, ""},
    {"avr", SF_FORMAT_AVR, "", true},
    {"htk", SF_FORMAT_HTK, "", true},
    {"ircam", SF_FORMAT_IRCAM, "sf"},
    {"mat4", SF_FORMAT_MAT4, "", true},
    {"mat5", SF_FORMAT_MAT5, "mat", true},
    {"mpc2k", SF_FORMAT_MPC2K, "mpc", true},
    {"nist", SF_FORMAT_NIST, "sph"},
    {"paf", SF_FORMAT_PAF, "fap"},
    {"pvf", SF_FORMAT_PVF, ""},
    {"sds", SF_FORMAT_SDS, "", true},
    {"svx", SF_FORMAT_SVX, "iff", true},
    {"voc", SF_FORMAT_VOC, "", true},
    {"wve", SF_FORMAT_WVE, "", true},
    {"xi", SF_FORMAT_XI, "", true},
};

// Encodings that start from floats have no bits; the precision of lossy ones is what listeners
// would call theirs.
struct Subtype {
  const char* name;
  int code;
  int bits;
  int precision;
  bool is_pcm = false;
  bool is_written = true;
};

constexpr Subtype kSubtypes[] = {
    {"pcm_16", SF_FORMAT_PCM_16, 16, 16, true},
    {"pcm_24", SF_FORMAT_PCM_24, 24, 24, true},
    {"float", SF_FORMAT_FLOAT, 0, 25},
    {"pcm_32", SF_FORMAT_PCM_32, 32, 32, true},
    {"double", SF_FORMAT_DOUBLE, 0, 53},
    {"pcm_s8", SF_FORMAT_PCM_S8, 8, 8, true},
    {"pcm_u8", SF_FORMAT_PCM_U8, 8, 8, true},
    {"alac_16", SF_FORMAT_ALAC_16, 16, 16, true},
    // libsndfile 1.2.0 spoils the channels of these where the audio cannot be compressed, as in
    // noise.
    {"alac_20", SF_FORMAT_ALAC_20, 20, 20, true, false},
    {"alac_24", SF_FORMAT_ALAC_24, 24, 24, true, false},
    {"alac_32", SF_FORMAT_ALAC_32, 32, 32, true, false},
    {"vorbis", SF_FORMAT_VORBIS, 0, 16},
    {"opus", SF_FORMAT_OPUS, 0, 16},
    {"mpeg_layer_iii", SF_FORMAT_MPEG_LAYER_III, 0, 16},
    {"mpeg_layer_ii", SF_FORMAT_MPEG_LAYER_II, 0, 16},
    {"mpeg_layer_i", SF_FORMAT_MPEG_LAYER_I, 0, 16},
    {"ulaw", SF_FORMAT_ULAW, 16, 16},
    {"alaw", SF_FORMAT_ALAW, 16, 16},
    {"ima_adpcm", SF_FORMAT_IMA_ADPCM, 16, 16},
    {"ms_adpcm", SF_FORMAT_MS_ADPCM, 16, 16},
    {"vox_adpcm", SF_FORMAT_VOX_ADPCM, 16, 16},
    {"nms_adpcm_16", SF_FORMAT_NMS_ADPCM_16, 16, 16},
    {"nms_adpcm_24", SF_FORMAT_NMS_ADPCM_24, 16, 16},
    {"nms_adpcm_32", SF_FORMAT_NMS_ADPCM_32, 16, 16},
    {"g721_32", SF_FORMAT_G721_32, 16, 16},
    {"g723_24", SF_FORMAT_G723_24, 16, 16},
    {"g723_40", SF_FORMAT_G723_40, 16, 16},
    {"gsm610", SF_FORMAT_GSM610, 16, 16},
    {"dwvw_12", SF_FORMAT_DWVW_12, 12, 12, true},
    {"dwvw_16", SF_FORMAT_DWVW_16, 16, 16, true},
    {"dwvw_24", SF_FORMAT_DWVW_24, 24, 24, true},
    {"dpcm_8", SF_FORMAT_DPCM_8, 8, 8},
    {"dpcm_16", SF_FORMAT_DPCM_16, 16, 16},
};

constexpr int kDefaultPrecision = 24;
constexpr double kMax32BitBytes = 4294000000;  // with room for a header

double BytesPerSample(const SoundFormat& format) {
  if (format.subtype == SF_FORMAT_FLOAT) return 4;
  if (format.subtype == SF_FORMAT_DOUBLE) return 8;
  return IntegerBits(format).value_or(0) / 8.0;
}

const Container* FindContainer(int code) {
  const auto found = std::ranges::find(kContainers, code, &Container::code);
  return found == std::end(kContainers) ? nullptr : &*found;
}

const Subtype* FindSubtype(int code) {
  const auto found = std::ranges::find(kSubtypes, code, &Subtype::code);
  return found == std::end(kSubtypes) ? nullptr : &*found;
}

std::string Suffix(absl::string_view path) {
  const absl::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const size_t dot = name.rfind('.');
  return dot == absl::string_view::npos ? "" : absl::AsciiStrToLower(name.substr(dot + 1));
}

bool HasSuffix(const Container& container, const std::string& suffix) {
  const std::vector<std::string> suffixes = absl::StrSplit(container.suffixes, ' ');
  return suffix == container.name || std::ranges::find(suffixes, suffix) != suffixes.end();
}

bool CanBeWritten(const SoundFormat& format, int sample_rate_hz, int num_channels) {
  const Subtype* const subtype = FindSubtype(format.subtype);
  if (subtype == nullptr || !subtype->is_written) return false;
  SF_INFO info = {};
  info.samplerate = sample_rate_hz;
  info.channels = num_channels;
  info.format = format.container | format.subtype;
  return sf_format_check(&info) != 0;
}

absl::StatusOr<const Container*> ChooseContainer(absl::string_view path, absl::string_view name) {
  if (!name.empty()) {
    for (const Container& container : kContainers) {
      if (absl::EqualsIgnoreCase(name, container.name)) return &container;
    }
    return absl::InvalidArgumentError(absl::StrCat("unknown format '", name, "': choose one of ",
                                                   absl::StrJoin(ContainerNames(), ", ")));
  }
  const std::string suffix = path == PartialFile::kStandardOutput ? "wav" : Suffix(path);
  for (const Container& container : kContainers) {
    if (!suffix.empty() && HasSuffix(container, suffix)) return &container;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      path,
      ": the suffix names no format that can be written: use one such as .wav or .flac, or "
      "give --format, one of ",
      absl::StrJoin(ContainerNames(), ", ")));
}

// What a suffix says beyond the container.
int SubtypeOfSuffix(const std::string& suffix) {
  if (suffix == "opus") return SF_FORMAT_OPUS;
  if (suffix == "mp2") return SF_FORMAT_MPEG_LAYER_II;
  return 0;
}

}  // namespace

std::string ContainerName(const SoundFormat& format) {
  const Container* const container = FindContainer(format.container);
  return container != nullptr ? container->name : absl::StrFormat("%#x", format.container);
}

std::string SubtypeName(const SoundFormat& format) {
  const Subtype* const subtype = FindSubtype(format.subtype);
  return subtype != nullptr ? subtype->name : absl::StrFormat("%#x", format.subtype);
}

std::optional<int> IntegerBits(const SoundFormat& format) {
  const Subtype* const subtype = FindSubtype(format.subtype);
  if (subtype == nullptr || subtype->bits == 0) return std::nullopt;
  return subtype->bits;
}

bool IsPcm(const SoundFormat& format) {
  const Subtype* const subtype = FindSubtype(format.subtype);
  return subtype != nullptr && subtype->is_pcm;
}

absl::StatusOr<SoundFormat> FitLength(const SoundFormat& format, absl::string_view path,
                                      int num_channels, int64_t num_frames) {
  const Container* const container = FindContainer(format.container);
  const double bytes = static_cast<double>(num_frames) * num_channels * BytesPerSample(format);
  if (container == nullptr || !container->counts_in_32_bits || bytes < kMax32BitBytes) {
    return format;
  }
  if (format.container == SF_FORMAT_WAV || format.container == SF_FORMAT_WAVEX) {
    return SoundFormat{SF_FORMAT_RF64, format.subtype};
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: %s ends at 4 GiB and this would take %.1f: choose a format such as flac, "
      "caf, w64 or rf64",
      path, container->name, bytes / (1 << 30)));
}

absl::StatusOr<SoundFormat> ChooseSoundFormat(absl::string_view path,
                                              absl::string_view container_name,
                                              absl::string_view subtype_name,
                                              const std::optional<SoundFormat>& source,
                                              int sample_rate_hz, int num_channels) {
  PATCHBAY_ASSIGN_OR_RETURN(const Container* const container,
                            ChooseContainer(path, container_name));
  const auto with = [&](int subtype) { return SoundFormat{container->code, subtype}; };
  std::vector<const Subtype*> choices;
  for (const Subtype& subtype : kSubtypes) {
    if (CanBeWritten(with(subtype.code), sample_rate_hz, num_channels)) choices.push_back(&subtype);
  }
  if (!subtype_name.empty()) {
    std::vector<std::string> names;
    for (const Subtype* const choice : choices) {
      if (absl::EqualsIgnoreCase(subtype_name, choice->name)) return with(choice->code);
      names.push_back(choice->name);
    }
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": ", container->name, " with ", num_channels,
        num_channels == 1 ? " channel" : " channels", " cannot hold '",
        absl::AsciiStrToLower(subtype_name), "': choose one of ", absl::StrJoin(names, ", ")));
  }
  if (container_name.empty()) {
    if (const int subtype = SubtypeOfSuffix(Suffix(path)); subtype != 0) return with(subtype);
  }
  int precision = kDefaultPrecision;
  if (source.has_value()) {
    if (CanBeWritten(with(source->subtype), sample_rate_hz, num_channels))
      return with(source->subtype);
    if (const Subtype* const subtype = FindSubtype(source->subtype)) precision = subtype->precision;
  }
  const Subtype* best = nullptr;
  for (const Subtype* const choice : choices) {
    // In the order of the table: the common ones first, by precision.
    if (choice->precision >= precision) return with(choice->code);
    if (best == nullptr || choice->precision > best->precision) best = choice;
  }
  if (best != nullptr) return with(best->code);
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", container->name, " cannot hold ", num_channels,
                   num_channels == 1 ? " channel at " : " channels at ", sample_rate_hz,
                   " Hz: choose another format"));
}

std::vector<std::string> ContainerNames() {
  std::vector<std::string> names;
  for (const Container& container : kContainers) names.push_back(container.name);
  return names;
}

std::vector<std::string> SubtypeNames() {
  std::vector<std::string> names;
  for (const Subtype& subtype : kSubtypes) {
    if (subtype.is_written) names.push_back(subtype.name);
  }
  return names;
}

}  // namespace patchbay
