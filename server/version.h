#ifndef SERVER_VERSION_H_
#define SERVER_VERSION_H_

namespace patchbay {

inline constexpr char kVersion[] = "0.1.0";

}  // namespace patchbay

#endif  // SERVER_VERSION_H_
