// The books of one server: which counties there are, and opening, making and discarding them.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOKSHELF_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOKSHELF_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"
#include "storage/mutex.h"

namespace landbook::registry {

class Bookshelf {
 public:
  // Opens every book that the server has. Fails when one cannot be opened: a server that leaves a
  // county out in silence would be taken for one that never had it. `packs_directory` is where the
  // packs for new books lie.
  static absl::StatusOr<std::unique_ptr<Bookshelf>> Open(BookEnvironment environment,
                                                         std::string packs_directory);

  // The book of a county; refused with COUNTY_UNKNOWN when there is none. The book lives while the
  // pointer is held, also when it is discarded meanwhile.
  common::Outcome<std::shared_ptr<Book>> Find(std::string_view county) const;
  // All books, by county code.
  std::vector<std::shared_ptr<Book>> All() const;

  // Makes a book. The same request again gives the book that it made; another one for a county that
  // has a book is refused with COUNTY_EXISTS.
  common::Outcome<std::shared_ptr<Book>> Create(const v1::CreateCountyRequest& request,
                                                const v1::Actor& creator);
  // Throws away a book that is being prepared, its keys and heads with it.
  common::Outcome<v1::DiscardCountyResponse> Discard(std::string_view county);

 private:
  Bookshelf(BookEnvironment environment, std::string packs_directory);
  absl::Status OpenAll();
  common::Outcome<std::shared_ptr<Book>> SameRequest(const Book& book,
                                                     const v1::CreateCountyRequest& request) const;

  BookEnvironment environment_;
  std::string packs_directory_;
  storage::Mutex making_;  // one county is made or discarded at a time
  mutable storage::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Book>, std::less<>> books_ LANDBOOK_GUARDED_BY(mutex_);
  // Discarded books are kept until the server ends: their last commits may still be answered.
  std::vector<std::shared_ptr<Book>> discarded_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOKSHELF_H_
