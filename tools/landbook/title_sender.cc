#include "tools/landbook/title_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

#include "services/common/refusal_wire.h"
#include "tools/landbook/book_titles.h"
#include "tools/landbook/request_id.h"

namespace landbook::tools {
namespace {

using exchange::Gravity;
using exchange::ParcelRecord;
using exchange::PartyRecord;
using exchange::RowId;
using exchange::Said;
using exchange::TitleRecord;

constexpr int kAttemptsMax = 64;
constexpr std::chrono::milliseconds kBusyPause{50};
constexpr std::chrono::seconds kCallDeadline{60};

Said SaidInBook() {
  return {
      "B402", Gravity::kError, "in_book",
      "The book has this code already and says something else of it. Correct the package, or the "
      "book by an act of its own.",
      "登记簿中已有该代码，且内容不同。请更正资料，或另行办理变更、更正登记。"};
}

Said SaidDepends(std::string_view english, std::string_view chinese) {
  return {"B403", Gravity::kError, "depends",
          fmt::format("What it rests on stays out: {}.", english),
          fmt::format("所依附的{}未被接受。", chinese)};
}

// What the book refused, as a finding of the row.
Said SaidRefused(const v1::Refusal& refusal) {
  const std::string& reason = refusal.reason();
  std::string rule = "B403";
  if (reason == "CODE_ALREADY_USED") rule = "B402";
  if (reason.ends_with("_MALFORMED")) rule = "B401";
  return {rule, Gravity::kError, reason, refusal.message_en(), refusal.message_zh()};
}

// The act that a refusal's path names; nothing when it is about the whole commit.
std::optional<std::size_t> ActOf(const v1::Refusal& refusal) {
  constexpr std::string_view kActs = "commit.acts[";
  if (!refusal.field().starts_with(kActs)) return std::nullopt;
  return static_cast<std::size_t>(std::stoul(refusal.field().substr(kActs.size())));
}

bool IsBusy(const common::RefusalList& refusals) {
  return std::any_of(refusals.begin(), refusals.end(),
                     [](const auto& refusal) { return refusal.reason() == "WRITER_BUSY"; });
}

// One record on its way into the book.
class Entering {
 public:
  Entering(Session& session, std::uint64_t import, const PartyRecord& record)
      : session_(session), import_(import), record_(record) {}

  // To look what the book has before anything is sent; and whether it had the party.
  void LookFirst() { looks_ = true; }
  bool was_there() const { return there_; }

  absl::StatusOr<EnteredRows> Run() {
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
      if (absl::Status made = MakeCommit(); !made.ok()) return made;
      if (commit_.acts().empty()) return Finish();
      auto refusals = SendActs(session_, import_, commit_);
      if (!refusals.ok()) return refusals.status();
      if (refusals->empty()) return Finish();
      if (IsBusy(*refusals)) {
        std::this_thread::sleep_for(kBusyPause);
      } else if (!looks_) {
        looks_ = true;  // something of it is in the book: look what
      } else if (absl::Status told = TakeRefusals(*refusals); !told.ok()) {
        return told;
      }
    }
    return absl::AbortedError(
        fmt::format("contractor {} could not be entered in {} attempts; import the package again",
                    record_.code, kAttemptsMax));
  }

  // Sends acts as the import's; gives the refusals, none when they were entered.
  static absl::StatusOr<common::RefusalList> SendActs(Session& session, std::uint64_t import,
                                                      const v1::Commit& commit) {
    v1::CommitRequest request;
    request.set_county(session.settings().county);
    request.set_import(import);
    *request.mutable_commit() = commit;
    // The same request id makes it safe to ask again after an answer was lost.
    request.mutable_commit()->set_request_id(NewRequestId());
    grpc::Status status;
    for (int attempt = 0; attempt < 3; ++attempt) {
      grpc::ClientContext context;
      session.Identify(context);
      context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
      v1::CommitResponse response;
      status = session.registry().Commit(&context, request, &response);
      if (status.error_code() != grpc::StatusCode::UNAVAILABLE) break;
      std::this_thread::sleep_for(kBusyPause);
    }
    if (status.ok()) return common::RefusalList();
    auto refusals = common::RefusalsFromStatus(status);
    const bool about_acts =
        std::any_of(refusals.begin(), refusals.end(), [](const v1::Refusal& refusal) {
          return ActOf(refusal) || refusal.reason() == "WRITER_BUSY";
        });
    if (!about_acts) return session.Outcome(status);
    return refusals;
  }

 private:
  // --- Rows --------------------------------------------------------------------------------------

  bool IsOut(const RowId& row) const { return out_.contains({row.table, row.row}); }
  void Reject(const RowId& row, const Said& said) {
    if (out_.emplace(row.table, row.row).second) rows_.rejected.emplace_back(row, said);
  }
  void RejectAll(const std::vector<RowId>& rows, const Said& said) {
    for (const RowId& row : rows) Reject(row, said);
  }
  void Unchanged(const RowId& row) {
    if (!IsOut(row)) unchanged_.emplace(row.table, row.row);
  }

  void RejectParty(const Said& said) {
    Reject(record_.row, said);
    const Said depends = SaidDepends("the party", "权利主体");
    for (const auto& member : record_.members) Reject(member.row, depends);
    for (const auto& title : record_.titles) RejectTitle(title, depends);
  }

  void RejectTitle(const TitleRecord& title, const Said& said) {
    Reject(title.contract_row, said);
    const Said depends = SaidDepends("the contract", "合同");
    RejectAll(title.register_rows, depends);
    for (const auto& parcel : title.parcels) Reject(parcel.row, depends);
    RejectAll(title.certificate_rows, depends);
  }

  void RejectParcel(const TitleRecord& title, const ParcelRecord& parcel, const Said& said) {
    Reject(parcel.row, said);
    RejectAll(title.certificate_rows,
              {"B403", Gravity::kError, "rights_missing",
               "The certificate states a parcel that stays out.", "权证所载地块未被接受。"});
    const bool any = std::any_of(title.parcels.begin(), title.parcels.end(),
                                 [&](const auto& other) { return !IsOut(other.row); });
    if (!any) RejectAll(title.register_rows, SaidDepends("all parcels", "全部地块"));
  }

  absl::StatusOr<EnteredRows> Finish() {
    for (const auto& [table, row] : unchanged_) {
      if (!out_.contains({table, row})) rows_.unchanged.push_back({table, row});
    }
    return std::move(rows_);
  }

  // --- The commit --------------------------------------------------------------------------------

  std::uint32_t AddAct(const RowId& row, v1::Act act) {
    *commit_.add_acts() = std::move(act);
    owners_.push_back(row);
    return static_cast<std::uint32_t>(commit_.acts_size() - 1);
  }

  absl::Status MakeCommit() {
    commit_.Clear();
    owners_.clear();
    unchanged_.clear();
    if (IsOut(record_.row)) return absl::OkStatus();
    there_ = false;
    if (looks_ || record_.titles.empty()) {
      const auto found = FindParty(session_, record_.code);
      if (!found.ok()) return found.status();
      there_ = found->has_value();
      if (there_) {
        const auto same = SameParty(session_, record_, **found);
        if (!same.ok()) return same.status();
        if (!*same) RejectParty(SaidInBook());
      }
    }
    if (IsOut(record_.row)) return absl::OkStatus();
    if (there_) {
      Unchanged(record_.row);
      for (const auto& member : record_.members) Unchanged(member.row);
    } else {
      AddParty();
    }
    for (const TitleRecord& title : record_.titles) {
      if (IsOut(title.contract_row)) continue;
      if (absl::Status added = AddTitle(title); !added.ok()) return added;
    }
    return absl::OkStatus();
  }

  void AddParty() {
    v1::Act act;
    v1::RegisterParty& party = *act.mutable_register_party();
    *party.mutable_party() = record_.party;
    for (const exchange::MemberRecord& member : record_.members) {
      v1::Act person;
      *person.mutable_register_party()->mutable_party()->mutable_person() = member.person;
      const std::uint32_t made = AddAct(member.row, std::move(person));
      if (record_.party.has_collective()) {
        party.mutable_representative()->mutable_created_by()->set_act(made);
        continue;
      }
      v1::MemberReference& reference = *party.add_members();
      reference.mutable_person()->mutable_created_by()->set_act(made);
      reference.set_standing(member.standing.standing());
      reference.set_head(member.standing.head());
      reference.set_co_holder(member.standing.co_holder());
    }
    if (record_.party.has_household()) party.mutable_collective()->set_code(record_.issuer);
    AddAct(record_.row, std::move(act));
  }

  v1::CarryOver* Carry(const TitleRecord& title, v1::Act* act) const {
    v1::CarryOver* carry = act->mutable_carry_over();
    carry->set_register_(exchange::kOlderRegister);
    carry->set_document_number(title.contract.code());
    carry->set_registered_date(title.registered_date);
    return carry;
  }

  absl::Status AddTitle(const TitleRecord& title) {
    if (absl::Status added = AddContract(title); !added.ok()) return added;
    if (IsOut(title.contract_row)) return absl::OkStatus();
    std::vector<v1::Reference> rights;
    for (const ParcelRecord& parcel : title.parcels) {
      if (IsOut(parcel.row)) continue;
      if (absl::Status added = AddParcel(title, parcel, &rights); !added.ok()) return added;
    }
    return AddCertificate(title, rights);
  }

  absl::Status AddContract(const TitleRecord& title) {
    if (looks_) {
      const auto found = FindContract(session_, title.contract.code());
      if (!found.ok()) return found.status();
      if (*found && !SameContract(title, **found)) {
        RejectTitle(title, SaidInBook());
        return absl::OkStatus();
      }
      if (*found) {
        Unchanged(title.contract_row);
        for (const RowId& row : title.register_rows) Unchanged(row);
        return absl::OkStatus();
      }
    }
    v1::Act act;
    v1::NewContract& contract = *Carry(title, &act)->mutable_contract();
    contract = title.contract;
    contract.mutable_issuer()->set_code(record_.issuer);
    contract.mutable_taker()->set_code(record_.code);
    AddAct(title.contract_row, std::move(act));
    return absl::OkStatus();
  }

  absl::Status AddParcel(const TitleRecord& title, const ParcelRecord& parcel,
                         std::vector<v1::Reference>* rights) {
    v1::Reference unit;
    if (looks_) {
      const auto found = FindRight(session_, parcel.plot_code, parcel.right.type());
      if (!found.ok()) return found.status();
      if (*found && !SameRight(title, parcel, **found)) {
        RejectParcel(title, parcel, SaidInBook());
        return absl::OkStatus();
      }
      if (*found) {
        Unchanged(parcel.row);
        rights->emplace_back().set_number((*found)->number());
        return absl::OkStatus();
      }
      const auto bare = FindBareUnit(session_, parcel.plot_code);
      if (!bare.ok()) return bare.status();
      if (*bare) unit.set_number(**bare);
    }
    if (unit.target_case() == v1::Reference::TARGET_NOT_SET) {
      v1::Act establish;
      establish.mutable_establish_unit()->mutable_plot()->set_code(parcel.plot_code);
      establish.mutable_establish_unit()->set_fixture("W");
      unit.mutable_created_by()->set_act(AddAct(parcel.row, std::move(establish)));
    }
    v1::Act act;
    v1::GrantRight& right = *Carry(title, &act)->mutable_right();
    right = parcel.right;
    *right.mutable_unit() = unit;
    right.add_holders()->mutable_party()->set_code(record_.code);
    right.mutable_contract()->set_code(title.contract.code());
    rights->emplace_back().mutable_created_by()->set_act(AddAct(parcel.row, std::move(act)));
    return absl::OkStatus();
  }

  absl::Status AddCertificate(const TitleRecord& title, const std::vector<v1::Reference>& rights) {
    if (!title.certificate || IsOut(title.certificate_rows.front())) return absl::OkStatus();
    if (looks_) {
      const auto found = FindCertificate(session_, title.certificate->certificate_number());
      if (!found.ok()) return found.status();
      if (*found) {
        const bool same = SameCertificate(*title.certificate, **found);
        for (const RowId& row : title.certificate_rows)
          same ? Unchanged(row) : Reject(row, SaidInBook());
        return absl::OkStatus();
      }
    }
    v1::Act act;
    v1::CarriedCertificate& certificate = *Carry(title, &act)->mutable_certificate();
    certificate = *title.certificate;
    for (const v1::Reference& right : rights) *certificate.add_rights() = right;
    AddAct(title.certificate_rows.front(), std::move(act));
    return absl::OkStatus();
  }

  // --- Refusals ----------------------------------------------------------------------------------

  // Takes out the rows whose acts were refused, with what rests on them.
  absl::Status TakeRefusals(const common::RefusalList& refusals) {
    for (const v1::Refusal& refusal : refusals) {
      const auto act = ActOf(refusal);
      if (!act || *act >= owners_.size()) {
        return absl::FailedPreconditionError(refusal.message_en());
      }
      RejectRow(owners_[*act], SaidRefused(refusal));
    }
    return absl::OkStatus();
  }

  void RejectRow(const RowId& row, const Said& said) {
    const auto is = [&](const RowId& other) {
      return other.table == row.table && other.row == row.row;
    };
    const bool of_party =
        is(record_.row) || std::any_of(record_.members.begin(), record_.members.end(),
                                       [&](const auto& one) { return is(one.row); });
    if (of_party) {
      Reject(row, said);
      return RejectParty(is(record_.row) ? said
                                         : SaidDepends("a member of the household", "家庭成员"));
    }
    for (const TitleRecord& title : record_.titles) {
      if (is(title.contract_row)) return RejectTitle(title, said);
      for (const ParcelRecord& parcel : title.parcels) {
        if (is(parcel.row)) return RejectParcel(title, parcel, said);
      }
    }
    Reject(row, said);
  }

  Session& session_;
  std::uint64_t import_;
  const PartyRecord& record_;
  bool there_ = false;
  bool looks_ = false;  // whether to look what of the record the book has already
  v1::Commit commit_;
  std::vector<RowId> owners_;  // the row of each act
  std::set<std::pair<std::string, std::int64_t>> out_;
  std::set<std::pair<std::string, std::int64_t>> unchanged_;
  EnteredRows rows_;
};

}  // namespace

absl::StatusOr<EnteredRows> TitleSender::Enter(const PartyRecord& record) const {
  Entering entering(session_, import_, record);
  if (look_first_) entering.LookFirst();
  auto rows = entering.Run();
  look_first_ = entering.was_there();
  return rows;
}

absl::StatusOr<EnteredRows> TitleSender::Enter(
    const exchange::TransferContractRecord& record) const {
  EnteredRows rows;
  const auto found = FindContract(session_, record.contract.code());
  if (!found.ok()) return found.status();
  if (*found) {
    exchange::TitleRecord wanted;
    wanted.contract = record.contract;
    wanted.registered_date = record.contract.signed_date();
    if (SameContract(wanted, **found)) {
      rows.unchanged.push_back(record.row);
    } else {
      rows.rejected.emplace_back(record.row, SaidInBook());
    }
    return rows;
  }
  v1::Commit commit;
  v1::CarryOver& carry = *commit.add_acts()->mutable_carry_over();
  carry.set_register_(exchange::kOlderRegister);
  carry.set_document_number(record.contract.code());
  carry.set_registered_date(record.contract.signed_date());
  *carry.mutable_contract() = record.contract;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto refusals = Entering::SendActs(session_, import_, commit);
    if (!refusals.ok()) return refusals.status();
    if (refusals->empty()) return rows;
    if (!IsBusy(*refusals)) {
      rows.rejected.emplace_back(record.row, SaidRefused(refusals->front()));
      return rows;
    }
    std::this_thread::sleep_for(kBusyPause);
  }
  return absl::ResourceExhaustedError("the book is busy; import the package again");
}

}  // namespace landbook::tools
