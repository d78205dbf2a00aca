#include "processors/graph/text_cursor.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace patchbay {

const Token& TokenCursor::Peek(size_t ahead) const {
  return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}

const Token& TokenCursor::Next() {
  const Token& token = Peek();
  position_ = std::min(position_ + 1, tokens_.size() - 1);
  return token;
}

bool TokenCursor::Take(char symbol) {
  if (!Peek().Is(symbol)) return false;
  Next();
  return true;
}

absl::Status TokenCursor::Error(const Token& token, absl::string_view message,
                                const ErrorDetail& detail) const {
  const bool no_token = token.kind == Token::Kind::kError;
  return At(token, InvalidArgument(no_token ? token.text : message, detail));
}

absl::Status TokenCursor::Expected(absl::string_view what) const {
  return Error(Peek(), absl::StrCat("expected ", what, ", found ", Shown(Peek())));
}

absl::Status TokenCursor::At(const Token& token, const absl::Status& status) const {
  return Prefixed(Place(text_, token.offset), status);
}

std::string Shown(const Token& token) {
  constexpr size_t kLongest = 40;
  if (token.kind == Token::Kind::kEnd) return "the end of the text";
  if (token.Is('\n')) return "the end of the line";
  if (token.text.size() <= kLongest) return absl::StrCat("'", token.text, "'");
  size_t cut = kLongest;  // not within a character
  while ((static_cast<uint8_t>(token.text[cut]) & 0xc0) == 0x80) --cut;
  return absl::StrCat("'", token.text.substr(0, cut), "...'");
}

}  // namespace patchbay
