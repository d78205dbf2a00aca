#ifndef PROCESSORS_GRAPH_TEXT_LEXER_H_
#define PROCESSORS_GRAPH_TEXT_LEXER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace patchbay {

struct Token {
  enum class Kind {
    kName,    // letters, digits, '_', '/': not first a digit; or a sharp note: C#5
    kNumber,  // without sign
    kString,  // quoted with ' or "
    kSymbol,  // one of | ( ) [ ] { } , ; : . = @ % + - * / and the newline that ends a statement
    kEnd,     // of the text; the last token
    kError,   // the text from here is no token: also the last one
  };
  Kind kind;
  size_t offset;     // in the text
  std::string text;  // a string without quotes and escapes; of an error, the message
  double number = 0;

  bool Is(char symbol) const { return kind == Kind::kSymbol && text[0] == symbol; }
};

// All tokens of a text. A newline is one of them only where a statement may end: outside brackets,
// after what can end an expression, and not before '|'.
std::vector<Token> Lex(absl::string_view text);

// Whether Lex makes one name of it.
bool IsName(absl::string_view text);

// As a string token that Lex reads back.
std::string Quoted(absl::string_view text);

// "column 14: ", or "line 3, column 14: " if the text has several lines. Counts characters, from 1.
std::string Place(absl::string_view text, size_t offset);

}  // namespace patchbay

#endif  // PROCESSORS_GRAPH_TEXT_LEXER_H_
