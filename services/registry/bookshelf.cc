#include "services/registry/bookshelf.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "services/common/division.h"
#include "services/registry/importer.h"
#include "services/registry/journal.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

using common::Reason;

// The server's own list, in the key space of book 0: 'c' county -> book number; 'n' the last
// number.
std::string ListKey(std::string_view county) {
  std::string key = SpacePrefix(kServerBook, Space::kCurrent);
  storage::AppendOrderedText(key, county);
  return key;
}

std::string LastNumberKey() { return SpacePrefix(kServerBook, Space::kCounter); }

std::string Encoded(BookNumber number) {
  std::string bytes;
  storage::AppendU32(bytes, number);
  return bytes;
}

absl::StatusOr<BookNumber> Decoded(std::string_view bytes) {
  storage::ByteReader reader(bytes);
  const BookNumber number = reader.ReadU32();
  if (!reader.FinishedOk()) return absl::DataLossError("the server's list of books cannot be read");
  return number;
}

v1::Refusal Unknown(std::string_view county) {
  return common::Refuse(Reason::COUNTY_UNKNOWN, "county",
                        {fmt::format("This server has no book of county {}.", county),
                         fmt::format("本服务器没有 {} 县的登簿簿册。", county)});
}

std::optional<v1::Refusal> RefuseCode(std::string_view code) {
  const bool digits =
      std::all_of(code.begin(), code.end(), [](char c) { return '0' <= c && c <= '9'; });
  if (code.size() == common::kCountyDigits && digits) return std::nullopt;
  return common::Refuse(Reason::COUNTY_CODE_MALFORMED, "county.code",
                        {fmt::format("County code {} is not six digits of GB/T 2260.", code),
                         fmt::format("县级代码 {} 不是 GB/T 2260 规定的六位数字。", code)},
                        "GB/T 2260");
}

// Moves keys and head that lie under the county's name to another. A creation that a crash cut off
// has left them, or they are those of a book in another store that shares the directory, whose
// private fields nobody could read without them: so they are never deleted here.
absl::Status SetKeysAside(const BookEnvironment& environment, const std::string& code) {
  const std::int64_t now = environment.clock->NowMicros();
  for (const std::string& name : {code, code + ".head"}) {
    const std::string path = environment.keys_directory + "/" + name;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) continue;
    std::filesystem::rename(path, fmt::format("{}.set-aside-{}", path, now), error);
    if (error) {
      return absl::UnavailableError(
          fmt::format("{} is there already and cannot be set aside: {}", path, error.message()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

Bookshelf::Bookshelf(BookEnvironment environment, std::string packs_directory)
    : environment_(std::move(environment)), packs_directory_(std::move(packs_directory)) {}

absl::StatusOr<std::unique_ptr<Bookshelf>> Bookshelf::Open(BookEnvironment environment,
                                                           std::string packs_directory) {
  std::unique_ptr<Bookshelf> shelf(
      new Bookshelf(std::move(environment), std::move(packs_directory)));
  if (auto opened = shelf->OpenAll(); !opened.ok()) return opened;
  return shelf;
}

absl::Status Bookshelf::OpenAll() {
  const std::string prefix = SpacePrefix(kServerBook, Space::kCurrent);
  const auto page =
      storage::ScanPage(*environment_.engine, storage::PrefixRange(prefix), storage::ScanLimit{});
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    const std::string county =
        storage::ByteReader(std::string_view(item.key).substr(prefix.size())).ReadOrderedText();
    const auto number = Decoded(item.value);
    if (!number.ok()) return number.status();
    auto book = Book::Open(environment_, *number, county);
    if (!book.ok()) return book.status();
    storage::MutexLock lock(mutex_);
    books_[county] = *std::move(book);
  }
  const std::string& succeeded = environment_.succeeded_county;
  if (!succeeded.empty() && !Find(succeeded).ok()) {
    return absl::NotFoundError(
        fmt::format("there is no book of county {} to give a fresh signing key", succeeded));
  }
  environment_.succeeded_county.clear();  // a book that is made later has a fresh key anyway
  return absl::OkStatus();
}

common::Outcome<std::shared_ptr<Book>> Bookshelf::Find(std::string_view county) const {
  storage::MutexLock lock(mutex_);
  const auto found = books_.find(county);
  if (found == books_.end()) return Unknown(county);
  return found->second;
}

std::vector<std::shared_ptr<Book>> Bookshelf::All() const {
  storage::MutexLock lock(mutex_);
  std::vector<std::shared_ptr<Book>> books;
  for (const auto& [county, book] : books_) books.push_back(book);
  return books;
}

common::Outcome<std::shared_ptr<Book>> Bookshelf::SameRequest(
    const Book& book, const v1::CreateCountyRequest& request) const {
  const EngineView view(environment_.engine);
  const auto first = ReadEntry(view, book.number(), 1);
  if (!first.ok()) return common::RefusalFromEngine(first.status());
  const v1::County made = book.ToWire(view);
  if (first->header.request_id() == request.request_id() &&
      made.title() == request.county().title() && made.epsg() == request.county().epsg()) {
    return Find(book.code());
  }
  return common::Refuse(Reason::COUNTY_EXISTS, "county.code",
                        {fmt::format("County {} has a book already.", book.code()),
                         fmt::format("{} 县已有登簿簿册。", book.code())});
}

common::Outcome<std::shared_ptr<Book>> Bookshelf::Create(const v1::CreateCountyRequest& request,
                                                         const v1::Actor& creator) {
  const std::string& code = request.county().code();
  if (auto refusal = RefuseCode(code)) return *std::move(refusal);
  storage::MutexLock making(making_);
  if (const auto standing = Find(code); standing.ok()) return SameRequest(**standing, request);

  auto chain = common::PackChainFromDirectory(packs_directory_, request.county().pack());
  if (!chain.ok()) return std::move(chain.refusals());
  const auto policy = common::Policy::FromTexts(*chain);
  if (policy.ok() && policy->sample() && !code.starts_with('9')) {
    return common::Refuse(
        Reason::SAMPLE_PACK_IN_LIVE_BOOK, "county.pack",
        {fmt::format("Pack {} is a sample; only counties whose code begins with 9 may take it.",
                     policy->code()),
         fmt::format("政策包 {} 为样例，仅供以 9 开头的样例县使用。", policy->code())});
  }
  const auto last = storage::ReadOne(*environment_.engine, LastNumberKey());
  if (!last.ok()) return common::RefusalFromEngine(last.status());
  const auto number = *last ? Decoded(**last) : absl::StatusOr<BookNumber>(kServerBook);
  if (!number.ok()) return common::RefusalFromEngine(number.status());
  // The number is taken before the book is made: a crash between leaves a number unused and keys of
  // no book, which the next attempt sets aside.
  const BookNumber mine = *number + 1;
  storage::WriteBatch take;
  take.Put(LastNumberKey(), Encoded(mine));
  if (auto taken =
          environment_.engine->Write(take, storage::kUnfenced, storage::Durability::kDurable);
      !taken.ok()) {
    return common::RefusalFromEngine(taken);
  }
  if (auto aside = SetKeysAside(environment_, code); !aside.ok()) {
    return common::RefusalFromEngine(aside);
  }
  auto book = Book::Create(environment_, {.number = mine,
                                          .county = request.county(),
                                          .chain = *std::move(chain),
                                          .creator = creator,
                                          .request_id = request.request_id()});
  if (!book.ok()) return std::move(book.refusals());
  storage::WriteBatch list;
  list.Put(ListKey(code), Encoded(mine));
  if (auto listed =
          environment_.engine->Write(list, storage::kUnfenced, storage::Durability::kDurable);
      !listed.ok()) {
    return common::RefusalFromEngine(listed);
  }
  std::shared_ptr<Book> shared = std::move(*book);
  storage::MutexLock lock(mutex_);
  books_[code] = shared;
  return shared;
}

common::Outcome<v1::DiscardCountyResponse> Bookshelf::Discard(std::string_view county) {
  storage::MutexLock making(making_);
  auto book = Find(county);
  if (!book.ok()) return std::move(book.refusals());
  const EngineView view(environment_.engine);
  if ((*book)->ToWire(view).state() != v1::BOOK_STATE_PREPARING) {
    return common::Refuse(
        Reason::BOOK_NOT_PREPARING, "county",
        {fmt::format("The book of county {} has been opened: it can be closed, never discarded.",
                     county),
         fmt::format("{} 县的登簿簿册已启用，只能关闭，不得废弃。", county)});
  }
  // A newer fence turns away whatever the book's writer would still write.
  const auto fence = environment_.engine->AcquireFence(fmt::format("book {}", (*book)->number()));
  if (!fence.ok()) return common::RefusalFromEngine(fence.status());
  storage::WriteBatch batch;
  batch.Delete(ListKey(county));
  batch.DeleteRange(storage::PrefixRange(BookPrefix((*book)->number())));
  if (auto written =
          environment_.engine->Write(batch, storage::kUnfenced, storage::Durability::kDurable);
      !written.ok()) {
    return common::RefusalFromEngine(written);
  }
  {
    storage::MutexLock lock(mutex_);
    discarded_.push_back(*book);
    books_.erase(books_.find(county));
  }
  std::error_code ignored;
  std::filesystem::remove_all(environment_.keys_directory + "/" + std::string(county), ignored);
  std::filesystem::remove(environment_.keys_directory + "/" + std::string(county) + ".head",
                          ignored);
  return v1::DiscardCountyResponse();
}

}  // namespace landbook::registry
