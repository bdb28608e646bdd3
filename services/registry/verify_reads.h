// The call that verifies a book.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERIFY_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_VERIFY_READS_H_

#include <memory>
#include <string>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/call_stream.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// Verifies the book (verify_book.h) step by step, one page of progress after another, while it goes
// on being written. A book whose fold is too large for memory is folded into a store under
// `temporary_directory`, which is taken away at the end. The source keeps the book.
common::Outcome<common::PageSource<v1::VerifyBookResponse>> OpenVerifyBook(
    std::shared_ptr<const Book> book, const common::CallContext& call,
    const v1::VerifyBookRequest& request, std::string temporary_directory);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERIFY_READS_H_
