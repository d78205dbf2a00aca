#ifndef CLIENTS_FILES_SNDFILE_ERROR_H_
#define CLIENTS_FILES_SNDFILE_ERROR_H_

#include <sndfile.h>

#include <string>

namespace patchbay {

// libsndfile's message for what went wrong last, without its "Error : " and final full stop. Null:
// with opening a file.
std::string SndfileError(SNDFILE* file);

}  // namespace patchbay

#endif  // CLIENTS_FILES_SNDFILE_ERROR_H_
