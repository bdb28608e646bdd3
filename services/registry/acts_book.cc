// The book itself: opened once, closed once.
#include <string>

#include "fmt/format.h"
#include "landbook/v1/book.pb.h"
#include "services/common/division.h"
#include "services/law/codes.h"
#include "services/registry/acts.h"

namespace landbook::registry {

void Decide(const v1::OpenBook&, ActContext* context) {
  v1::BookRecord book = context->book();
  if (book.pack() == 0) {
    return context->Refuse(Reason::PACK_UNKNOWN, "",
                           {"The book has no policy pack; without one no right could be entered. "
                            "Adopt a pack first.",
                            "登记簿尚未采用政策包，无法登记任何权利，请先采用政策包。"});
  }
  book.set_state(v1::BOOK_STATE_OPEN);
  context->PutBook(book);
}

void Decide(const v1::CloseBook& act, ActContext* context) {
  v1::BookRecord book = context->book();
  if (!law::IsDigits(act.to_county(), common::kCountyDigits) || act.to_county() == book.code()) {
    return context->Refuse(
        Reason::COUNTY_CODE_MALFORMED, "to_county",
        {fmt::format("\"{}\" came; the county whose book goes on has {} digits and is another than "
                     "{}.",
                     act.to_county(), common::kCountyDigits, book.code()),
         fmt::format("收到“{}”，接续登记簿的县代码应为 {} 位数字，且不同于本县 {}。",
                     act.to_county(), common::kCountyDigits, book.code())});
  }
  book.set_state(v1::BOOK_STATE_CLOSED);
  book.set_succeeded_by(act.to_county());
  context->PutBook(book);
}

}  // namespace landbook::registry
