#include "processors/graph/text_lexer.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace patchbay {
namespace {

constexpr absl::string_view kSymbols = "|()[]{},;:.=@%+-*/";
constexpr absl::string_view kOpening = "([{";
constexpr absl::string_view kClosing = ")]}";

bool IsNameStart(char c) { return absl::ascii_isalpha(c) || c == '_'; }
bool IsNamePart(char c) { return absl::ascii_isalnum(c) || c == '_'; }
bool IsOneOf(absl::string_view symbols, const Token& token) {
  return token.kind == Token::Kind::kSymbol &&
         symbols.find(token.text[0]) != absl::string_view::npos;
}

// Whether an expression can end with this token.
bool CanEnd(const Token& token) {
  return token.kind != Token::Kind::kSymbol || IsOneOf(kClosing, token) || token.Is('%');
}

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

// Length of the UTF-8 character that `text` starts with; 0 if it is malformed.
size_t CharacterBytes(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  if (!std::ranges::all_of(text.substr(1, size - 1), IsContinuation)) return 0;
  const auto second = static_cast<uint8_t>(text[1]);
  const bool too_long = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool no_character = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
  return too_long || no_character ? 0 : size;
}

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  std::vector<Token> Run() {
    do {
      newline_.reset();
      Token token = Next();
      if (newline_ && EndsStatement(token)) tokens_.push_back(*newline_);
      if (IsOneOf(kOpening, token)) ++num_open_;
      if (IsOneOf(kClosing, token) && num_open_ > 0) --num_open_;
      tokens_.push_back(std::move(token));
    } while (tokens_.back().kind != Token::Kind::kEnd &&
             tokens_.back().kind != Token::Kind::kError);
    return std::move(tokens_);
  }

 private:
  // The character `ahead` of the position; NUL past the end.
  char Peek(size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }

  Token Make(Token::Kind kind, size_t start) const {
    return {kind, start, std::string(text_.substr(start, position_ - start))};
  }

  static Token Error(size_t start, std::string message) {
    return {Token::Kind::kError, start, std::move(message)};
  }

  // Whether the line break before `next` ends a statement.
  bool EndsStatement(const Token& next) const {
    return num_open_ == 0 && !tokens_.empty() && CanEnd(tokens_.back()) && !next.Is('|') &&
           next.kind != Token::Kind::kEnd;
  }

  void SkipSpace() {
    while (position_ < text_.size() && (absl::ascii_isspace(Peek()) || Peek() == '#')) {
      if (Peek() == '#') {
        position_ = std::min(text_.find('\n', position_), text_.size());
      } else {
        if (Peek() == '\n') newline_ = Token{Token::Kind::kSymbol, position_, "\n"};
        ++position_;
      }
    }
  }

  Token Next() {
    SkipSpace();
    if (position_ == text_.size()) return Make(Token::Kind::kEnd, position_);
    const char c = Peek();
    if (IsNameStart(c)) return Name();
    if (absl::ascii_isdigit(c) || (c == '.' && absl::ascii_isdigit(Peek(1)))) return Number();
    if (c == '\'' || c == '"') return String();
    if (kSymbols.find(c) != absl::string_view::npos) return Make(Token::Kind::kSymbol, position_++);
    const size_t size = CharacterBytes(text_.substr(position_));
    if (size == 0) return Error(position_, "the text is not valid UTF-8");
    return Error(position_,
                 absl::StrCat("unexpected character ", Quoted(text_.substr(position_, size))));
  }

  Token Name() {
    const size_t start = position_;
    // The '/' of a mount. After '.' is an output, which has none: there it divides.
    const bool is_output = !tokens_.empty() && tokens_.back().Is('.');
    while (IsNamePart(Peek()) || (Peek() == '/' && IsNamePart(Peek(1)) && !is_output)) {
      ++position_;
    }
    // A sharp note: elsewhere '#' starts a comment.
    if (position_ == start + 1 && Peek() == '#' && absl::ascii_isdigit(Peek(1))) {
      ++position_;
      SkipDigits();
    }
    return Make(Token::Kind::kName, start);
  }

  void SkipDigits() {
    while (absl::ascii_isdigit(Peek())) ++position_;
  }

  Token Number() {
    const size_t start = position_;
    SkipDigits();
    if (Peek() == '.') ++position_;
    SkipDigits();
    if (Peek() == 'e' || Peek() == 'E') {
      const size_t sign = Peek(1) == '-' || Peek(1) == '+' ? 1 : 0;
      if (absl::ascii_isdigit(Peek(1 + sign))) position_ += 1 + sign;
      SkipDigits();
    }
    Token token = Make(Token::Kind::kNumber, start);
    const char* end = token.text.data() + token.text.size();
    const auto result = std::from_chars(token.text.data(), end, token.number);
    if (result.ec != std::errc() || result.ptr != end) {
      return Error(start, "the number is too large or too small");
    }
    return token;
  }

  Token String() {
    const size_t start = position_;
    const char quote = text_[position_++];
    std::string decoded;
    while (Peek() != quote) {
      if (position_ == text_.size() || Peek() == '\n') return Error(start, "the quote has no end");
      if (Peek() == '\\') {
        const char escaped = Peek(1);
        if (escaped != '\\' && escaped != '\'' && escaped != '"' && escaped != 'n') {
          return Error(position_, "unknown escape: there are \\\\, \\', \\\" and \\n");
        }
        decoded += escaped == 'n' ? '\n' : escaped;
        position_ += 2;
        continue;
      }
      const size_t size = CharacterBytes(text_.substr(position_));
      if (size == 0) return Error(position_, "the text is not valid UTF-8");
      absl::StrAppend(&decoded, text_.substr(position_, size));
      position_ += size;
    }
    ++position_;
    return {Token::Kind::kString, start, std::move(decoded)};
  }

  const absl::string_view text_;
  size_t position_ = 0;
  int num_open_ = 0;              // brackets
  std::optional<Token> newline_;  // the last before the next token
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Lex(absl::string_view text) { return Lexer(text).Run(); }

bool IsName(absl::string_view text) {
  const std::vector<Token> tokens = Lex(text);
  return tokens.size() == 2 && tokens[0].kind == Token::Kind::kName && tokens[0].text == text;
}

std::string Quoted(absl::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '\\' || c == '\'') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string Place(absl::string_view text, size_t offset) {
  const absl::string_view before = text.substr(0, offset);
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const absl::string_view line = before.substr(line_start);
  const size_t column = line.size() - std::ranges::count_if(line, IsContinuation) + 1;
  if (text.find('\n') == absl::string_view::npos) return absl::StrCat("column ", column, ": ");
  return absl::StrCat("line ", 1 + std::ranges::count(before, '\n'), ", column ", column, ": ");
}

}  // namespace patchbay
