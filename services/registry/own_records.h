// What a holder, a bank or another party may see of the book because it is its own (options.proto,
// own_roles): everything else is not found, which does not tell whether it is there.
#ifndef LANDBOOK_SERVICES_REGISTRY_OWN_RECORDS_H_
#define LANDBOOK_SERVICES_REGISTRY_OWN_RECORDS_H_

#include <cstdint>
#include <set>

#include "landbook/v1/case.pb.h"
#include "landbook/v1/party.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/resolution.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/call_frame.h"
#include "services/registry/book_reader.h"

namespace landbook::registry {

// The records of one party and of the households that it belongs to, as the reader sees them.
class OwnRecords {
 public:
  // REQUIRES: `reader` outlives the object.
  OwnRecords(BookReader* reader, std::uint64_t party);

  // Itself and the households that it belongs to.
  bool IsOwn(std::uint64_t party) const { return parties_.contains(party); }

  // Itself and its households; not the other members.
  bool Has(const v1::Party& party) const { return IsOwn(party.number()); }
  // What it holds, alone or with others.
  bool Has(const v1::Right& right) const;
  // What it holds a right in.
  bool Has(const v1::Unit& unit) const;
  // What it gave or took land by.
  bool Has(const v1::Contract& contract) const;
  // What secures it, and what burdens a right of its own.
  bool Has(const v1::Mortgage& mortgage) const;
  bool Has(const v1::Certificate& certificate) const;
  // What it applied for, or acted in as an agent.
  bool Has(const v1::Case& one) const;
  // What its collective decided.
  bool Has(const v1::Resolution& resolution) const;
  bool Has(const v1::Filing& filing) const;
  bool Has(const v1::RankAgreement& agreement) const;
  // No role sees these as its own.
  bool Has(const v1::Caution&) const { return false; }
  bool Has(const v1::FundAdvance&) const { return false; }

 private:
  bool HasRight(std::uint64_t right) const;
  bool HasMortgage(std::uint64_t mortgage) const;

  BookReader* reader_;
  std::set<std::uint64_t> parties_;
  std::set<std::uint64_t> collectives_;
};

// Whether the caller may see a record that the reader has found: all of them, or only its own.
template <typename Record>
bool MaySee(const common::CallContext& call, BookReader* reader, const Record& record) {
  return !call.own_only || OwnRecords(reader, call.own_party).Has(record);
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_OWN_RECORDS_H_
