#include "services/registry/party_reads.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/common/identity.h"
#include "services/registry/book_reader.h"
#include "services/registry/record_reads.h"
#include "services/registry/view.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

// Bit n for field n that is set.
std::uint32_t MaskOf(const v1::PersonPrivate& values) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  values.GetReflection()->ListFields(values, &fields);
  std::uint32_t mask = 0;
  for (const auto* field : fields) mask |= std::uint32_t{1} << field->number();
  return mask;
}

// Opens what the caller may see and keeps account of it.
class PrivateDesk {
 public:
  PrivateDesk(const Book& book, const CallContext& call, std::string method)
      : book_(book),
        view_(&book.engine()),
        may_see_(NeedsPrivateFields(call.actor.role())),
        own_(call.own_only ? call.own_party : 0),
        row_(AccessRowOf(call, std::move(method))) {}

  // How the caller came to a party.
  enum class Found { kAskedFor, kListed, kByIdentityNumber };

  // Fills the party's private fields, or leaves them out.
  void Open(v1::Party* party, Found found) {
    std::uint32_t mask = found == Found::kByIdentityNumber ? kFoundByIdentityNumber : 0;
    if (party->has_person()) {
      v1::Person& person = *party->mutable_person();
      person.clear_private_();
      const PrivateVersion version{party->number(), person.private_version()};
      const bool may_see = may_see_ || (own_ != 0 && own_ == party->number());
      if (may_see && !person.erased() && person.private_version() != 0) {
        auto opened = book_.vault().Open(view_, version, person.commitments());
        damage_.Update(opened.status());
        if (opened.ok() && *opened) {
          mask |= MaskOf(**opened);
          *person.mutable_private_() = **std::move(opened);
        }
      }
    }
    const bool asked_for =
        found == Found::kAskedFor && (party->has_person() || party->has_household());
    if (mask != 0 || asked_for) row_.shown.push_back({party->number(), mask});
  }

  // The answer, once its row in the log is durable. What a holder reads of itself makes none.
  template <typename T>
  Outcome<T> Answer(const BookReader& reader, AccessLog& log, T value, bool searched) {
    if (!view_.status().ok()) return common::RefusalFromEngine(view_.status());
    if (!damage_.ok()) return common::RefusalFromEngine(damage_);
    if (!reader.status().ok()) return common::RefusalFromEngine(reader.status());
    if (own_ != 0 || (!searched && row_.shown.empty())) return value;
    if (auto refusal = RefuseSearch(row_)) return *std::move(refusal);
    if (const auto noted = log.Add(book_.number(), std::move(row_)); !noted.ok()) {
      return common::RefusalFromEngine(noted);
    }
    return value;
  }

  const View& view() const { return view_; }

 private:
  const Book& book_;
  const EngineView view_;
  const bool may_see_;
  const std::uint64_t own_;  // whom a caller may see who may see nobody else; 0 for none
  AccessRow row_;
  absl::Status damage_;
};

v1::Refusal SearchNotAllowed(v1::Role role) {
  return common::Refuse(
      Reason::ROLE_NOT_ALLOWED, "identity_number",
      {fmt::format("The role {} may not search by identity number. Ask an officer who takes in, "
                   "reviews or registers.",
                   common::RoleName(role)),
       fmt::format("角色 {} 不得按证件号码检索，请由受理、审核或登簿人员办理。",
                   common::RoleName(role))});
}

// The number of the party that is asked for, by that number or by its code.
Outcome<std::uint64_t> NumberAsked(BookReader* reader, const v1::GetPartyRequest& request) {
  if ((request.party() != 0) == !request.code().empty()) {
    return common::Refuse(Reason::REFERENCE_MISSING, "party",
                          {"A party is named by its number or by its code. State one of them.",
                           "请以编号或代码之一指明权利主体。"});
  }
  if (request.party() != 0) return request.party();
  return NumberNamed(reader, v1::RECORD_KIND_PARTY, request.code(), "code",
                     {fmt::format("party with the code {}", request.code()),
                      fmt::format("代码为 {} 的权利主体", request.code())});
}

}  // namespace

bool NeedsPrivateFields(v1::Role role) {
  return role == v1::ROLE_ADMINISTRATOR || role == v1::ROLE_INTAKE || role == v1::ROLE_REVIEWER ||
         role == v1::ROLE_REGISTRAR;
}

Outcome<v1::Party> GetParty(const Book& book, AccessLog& log, const CallContext& call,
                            const v1::GetPartyRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  auto number = NumberAsked(&*reader, request);
  if (!number.ok()) return std::move(number.refusals());
  auto party = Found(*reader, FindVisible<v1::Party>(call, &*reader, *number), "party",
                     {fmt::format("party {}", *number), fmt::format("权利主体 {}", *number)});
  if (!party.ok()) return party;
  PrivateDesk desk(book, call, "GetParty");
  desk.Open(&*party, PrivateDesk::Found::kAskedFor);
  return desk.Answer(*reader, log, *std::move(party), /*searched=*/false);
}

Outcome<v1::ListPartiesResponse> ListParties(const Book& book, AccessLog& log,
                                             const CallContext& call,
                                             const v1::ListPartiesRequest& request) {
  const bool search = !request.identity_number().empty();
  if (search && !NeedsPrivateFields(call.actor.role())) return SearchNotAllowed(call.actor.role());
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  PrivateDesk desk(book, call, "ListParties");
  std::vector<std::uint64_t> found;
  if (search) found = book.vault().FindByIdentityNumber(desk.view(), request.identity_number());
  auto page = FillPage<v1::Party>(
      &*reader, *paging,
      [&](const NumberRange& range) {
        return search ? PageOf(found, range) : reader->Numbers(v1::RECORD_KIND_PARTY, range);
      },
      [](const v1::Party&) { return true; });
  const auto found_how =
      search ? PrivateDesk::Found::kByIdentityNumber : PrivateDesk::Found::kListed;
  for (v1::Party& party : page.records) desk.Open(&party, found_how);
  auto answer = ListAnswer<v1::ListPartiesResponse>(
      *reader, request, std::move(page),
      [](v1::ListPartiesResponse& response) { return response.mutable_parties(); });
  if (!answer.ok()) return answer;
  return desk.Answer(*reader, log, *std::move(answer), search);
}

}  // namespace landbook::registry
