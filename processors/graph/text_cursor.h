#ifndef PROCESSORS_GRAPH_TEXT_CURSOR_H_
#define PROCESSORS_GRAPH_TEXT_CURSOR_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "processors/core/errors.h"
#include "processors/graph/text_lexer.h"

namespace patchbay {

// Where a parser is in the tokens of a text. Stays at the last token, however often it is moved on.
class TokenCursor {
 public:
  // `text` must outlive it.
  explicit TokenCursor(absl::string_view text) : text_(text), tokens_(Lex(text)) {}

  const Token& Peek(size_t ahead = 0) const;
  const Token& Next();

  // Whether the next token is this symbol; moves past it if so.
  bool Take(char symbol);

  // The tokens from the next one to the end of the text.
  std::span<const Token> Rest() const { return std::span(tokens_).subspan(position_); }

  // INVALID_ARGUMENT, with the place of a token. If the text there is no token at all, says that
  // instead.
  absl::Status Error(const Token& token, absl::string_view message,
                     const ErrorDetail& detail = {}) const;
  // "expected <what>, found ...", at the next token.
  absl::Status Expected(absl::string_view what) const;
  // `status` with the place of a token.
  absl::Status At(const Token& token, const absl::Status& status) const;

 private:
  const absl::string_view text_;
  const std::vector<Token> tokens_;
  size_t position_ = 0;
};

// What a token is called in messages; long ones are cut.
std::string Shown(const Token& token);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_CURSOR_H_
