#include "tools/landbook/package_book.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "tools/exchange/source_record.h"
#include "tools/exchange/table_layout.h"
#include "tools/exchange/title_fields.h"
#include "tools/exchange/title_records.h"
#include "tools/landbook/book_titles.h"

namespace landbook::tools {
namespace {

using exchange::Scratch;
using exchange::Statement;

constexpr std::uint32_t kPageSize = 1'000;

// Gives every row of a query to `take`.
absl::Status ForEachRow(Scratch& scratch, const std::string& query,
                        const std::function<absl::Status(const Statement&)>& take) {
  absl::StatusOr<Statement> rows = scratch.Prepare(query);
  if (!rows.ok()) return rows.status();
  for (;;) {
    const absl::StatusOr<bool> row = rows->Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    if (absl::Status taken = take(*rows); !taken.ok()) return taken;
  }
}

// The attributes that stand under "TABLE.", by column.
template <typename Attributes>
void AddAttributes(const Attributes& attributes, const std::string& before, RowValues* values) {
  for (const v1::Attribute& attribute : attributes) {
    if (attribute.key().starts_with(before)) {
      (*values)[attribute.key().substr(before.size())] = attribute.value();
    }
  }
}

void AddSource(const exchange::SourceRecord& record, const std::string& before, RowValues* values) {
  for (auto at = record.lower_bound(before); at != record.end() && at->first.starts_with(before);
       ++at) {
    (*values)[at->first.substr(before.size())] = at->second;
  }
}

class BookTables {
 public:
  BookTables(Session& session, const v1::ReadOptions& read, Scratch& scratch)
      : session_(session), read_(read), scratch_(scratch) {}

  absl::Status Fill(ProgressBar& progress, std::vector<std::string>& notes) {
    absl::Status status = scratch_.Run(
        "CREATE TABLE plot(number INTEGER PRIMARY KEY, kind TEXT, code TEXT, bytes TEXT);"
        "CREATE TABLE unit_plot(unit INTEGER PRIMARY KEY, code TEXT);"
        "CREATE TABLE party(number INTEGER PRIMARY KEY, code TEXT, bytes TEXT);"
        "CREATE TABLE held(number INTEGER PRIMARY KEY, contract INTEGER, bytes TEXT);"
        "CREATE TABLE name_of(key TEXT PRIMARY KEY, value TEXT)");
    progress.Begin("reading plots");
    if (status.ok()) status = ReadPlots(progress);
    progress.Begin("reading parties");
    if (status.ok()) status = ReadParties(progress);
    progress.Begin("reading rights");
    if (status.ok()) status = ReadRights(progress);
    if (status.ok()) {
      status = scratch_.Run(
          "CREATE INDEX held_by ON held(contract);"
          "CREATE INDEX plot_code ON plot(code)");
    }
    if (status.ok()) status = PutParties();
    if (status.ok()) status = PutContracts();
    if (status.ok()) status = PutCertificates();
    AddNotes(notes);
    return status;
  }

 private:
  template <typename Request>
  Request NewRequest() const {
    Request request;
    request.set_county(session_.settings().county);
    *request.mutable_read() = read_;
    return request;
  }

  // Puts one record's line into a table of `scratch`.
  absl::Status Put(Statement& statement) {
    const absl::Status put = statement.Step().status();
    statement.Reset();
    return put;
  }

  // --- Reading -----------------------------------------------------------------------------------

  // Calls `page` for every page of a list.
  template <typename Request, typename Response, typename Take>
  absl::Status ForEachPage(Session::Method<Session::Registry, Request, Response> method,
                           Request request, const Take& take) {
    request.set_page_size(kPageSize);
    do {
      const auto page = session_.Call(method, request);
      if (!page.ok()) return page.status();
      if (absl::Status taken = take(*page); !taken.ok()) return taken;
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

  absl::Status ReadPlots(ProgressBar& progress) {
    auto put = scratch_.Prepare("INSERT INTO plot VALUES(?, ?, ?, ?)");
    auto unit = scratch_.Prepare("INSERT OR REPLACE INTO unit_plot VALUES(?, ?)");
    if (!put.ok() || !unit.ok()) return put.ok() ? unit.status() : put.status();
    auto request = NewRequest<v1::ListPlotsRequest>();
    request.set_boundary_format(v1::BOUNDARY_FORMAT_COMPACT);
    std::uint64_t done = 0;
    return ForEachPage(&Session::Registry::ListPlots, request,
                       [&](const v1::ListPlotsResponse& page) -> absl::Status {
                         absl::Status status;
                         for (const v1::Plot& plot : page.plots()) {
                           if (plot.state() != v1::RECORD_STATE_LIVE) continue;
                           put->Bind(static_cast<std::int64_t>(plot.number())).Bind(plot.kind());
                           put->Bind(plot.code()).Bind(plot.SerializeAsString());
                           status.Update(Put(*put));
                           for (const std::uint64_t number : plot.units()) {
                             unit->Bind(static_cast<std::int64_t>(number)).Bind(plot.code());
                             status.Update(Put(*unit));
                           }
                         }
                         progress.Show(done += static_cast<std::uint64_t>(page.plots_size()), 0);
                         return status;
                       });
  }

  static std::string CodeOf(const v1::Party& party) {
    switch (party.kind_case()) {
      case v1::Party::kHousehold:
        return party.household().contractor_code();
      case v1::Party::kCollective:
        return party.collective().issuer_code();
      case v1::Party::kPerson:
        return party.person().contractor_code();
      case v1::Party::kOrganisation:
        return party.organisation().contractor_code();
      default:
        return "";
    }
  }

  absl::Status ReadParties(ProgressBar& progress) {
    auto put = scratch_.Prepare("INSERT INTO party VALUES(?, ?, ?)");
    if (!put.ok()) return put.status();
    std::uint64_t done = 0;
    return ForEachPage(&Session::Registry::ListParties, NewRequest<v1::ListPartiesRequest>(),
                       [&](const v1::ListPartiesResponse& page) -> absl::Status {
                         absl::Status status;
                         for (const v1::Party& party : page.parties()) {
                           put->Bind(static_cast<std::int64_t>(party.number()));
                           put->Bind(CodeOf(party)).Bind(party.SerializeAsString());
                           status.Update(Put(*put));
                         }
                         progress.Show(done += static_cast<std::uint64_t>(page.parties_size()), 0);
                         return status;
                       });
  }

  absl::Status ReadRights(ProgressBar& progress) {
    auto put = scratch_.Prepare("INSERT INTO held VALUES(?, ?, ?)");
    if (!put.ok()) return put.status();
    std::uint64_t done = 0;
    return ForEachPage(&Session::Registry::ListRights, NewRequest<v1::ListRightsRequest>(),
                       [&](const v1::ListRightsResponse& page) -> absl::Status {
                         absl::Status status;
                         for (const v1::Right& right : page.rights()) {
                           put->Bind(static_cast<std::int64_t>(right.number()));
                           put->Bind(static_cast<std::int64_t>(right.contract()));
                           put->Bind(right.SerializeAsString());
                           status.Update(Put(*put));
                         }
                         progress.Show(done += static_cast<std::uint64_t>(page.rights_size()), 0);
                         return status;
                       });
  }

  // --- Parties -----------------------------------------------------------------------------------

  absl::StatusOr<v1::Party> PartyNumbered(std::uint64_t number) {
    auto row = scratch_.Prepare("SELECT bytes FROM party WHERE number = ?");
    if (!row.ok()) return row.status();
    const auto found = row->Bind(static_cast<std::int64_t>(number)).Step();
    if (!found.ok()) return found.status();
    v1::Party party;
    if (*found) party.ParseFromString(row->Text(0));
    return party;
  }

  absl::StatusOr<std::string> CodeOfParty(std::uint64_t number) {
    const auto party = PartyNumbered(number);
    if (!party.ok()) return party.status();
    return CodeOf(*party);
  }

  absl::Status PutParties() {
    return ForEachRow(scratch_, "SELECT bytes FROM party WHERE code IS NOT NULL ORDER BY code",
                      [&](const Statement& row) -> absl::Status {
                        v1::Party party;
                        party.ParseFromString(row.Text(0));
                        return party.has_collective() ? PutIssuer(party.collective())
                                                      : PutContractor(party);
                      });
  }

  // A person's own columns, and what the source record keeps under "TABLE.".
  void AddPerson(const v1::Person& person, std::string_view name, std::string_view document,
                 RowValues* values) const {
    (*values)[std::string(name)] = person.private_().full_name();
    (*values)[std::string(document) + "LX"] =
        exchange::CodeOfIdentityDocument(person.identity_document());
    (*values)[std::string(document) + "HM"] = person.private_().identity_number();
  }

  absl::Status PutIssuer(const v1::Collective& collective) {
    RowValues values = {{"FBFBM", collective.issuer_code()}, {"FBFMC", collective.title()}};
    const auto head = PartyNumbered(collective.representative());
    if (!head.ok()) return head.status();
    if (head->has_person()) {
      AddPerson(head->person(), "FBFFZRXM", "FZRZJ", &values);
      values["LXDH"] = head->person().private_().telephone();
      AddSource(exchange::ParseSourceRecord(head->person().private_().source_record()), "FBF.",
                &values);
    }
    return PutRow(scratch_, "FBF", values);
  }

  absl::Status PutContractor(const v1::Party& party) {
    RowValues values = {{"CBFBM", CodeOf(party)}};
    if (party.has_organisation()) {
      values["CBFLX"] = "3";
      values["CBFMC"] = party.organisation().title();
      values["CBFZJLX"] = "3";
      AddAttributes(party.organisation().attributes(), "CBF.", &values);
      return PutRow(scratch_, "CBF", values);
    }
    v1::Person person = party.person();
    values["CBFLX"] = party.has_household() ? "1" : "2";
    if (party.has_household()) {
      const auto head = PartyNumbered(party.household().members(0).person());
      if (!head.ok()) return head.status();
      person = head->person();
      if (absl::Status put = PutMembers(party.household()); !put.ok()) return put;
    }
    AddPerson(person, "CBFMC", "CBFZJ", &values);
    values["CBFDZ"] = person.private_().address();
    values["LXDH"] = person.private_().telephone();
    const auto source = exchange::ParseSourceRecord(person.private_().source_record());
    AddSource(source, "CBF.", &values);
    absl::Status status = PutRow(scratch_, "CBF", values);
    if (status.ok()) status = KeepNames(source);
    return status;
  }

  absl::Status PutMembers(const v1::Household& household) {
    for (const v1::HouseholdMember& member : household.members()) {
      const auto person = PartyNumbered(member.person());
      if (!person.ok()) return person.status();
      const v1::PersonPrivate& own = person->person().private_();
      RowValues values = {{"CBFBM", household.contractor_code()},
                          {"CYXB", own.sex() == v1::SEX_FEMALE ? "2" : "1"},
                          {"YHZGX", own.relation_to_head()},
                          {"SFGYR", member.co_holder() ? "1" : "2"}};
      AddPerson(person->person(), "CYXM", "CYZJ", &values);
      AddSource(exchange::ParseSourceRecord(own.source_record()), "CBF_JTCY.", &values);
      if (absl::Status put = PutRow(scratch_, "CBF_JTCY", values); !put.ok()) return put;
    }
    return absl::OkStatus();
  }

  absl::Status KeepNames(const exchange::SourceRecord& record) {
    auto put = scratch_.Prepare("INSERT OR REPLACE INTO name_of VALUES(?, ?)");
    if (!put.ok()) return put.status();
    absl::Status status;
    for (const auto& [key, value] : record) {
      put->Bind(key).Bind(value);
      status.Update(Put(*put));
    }
    return status;
  }

  // --- Contracts and rights ----------------------------------------------------------------------

  // Contracts and certificates have consecutive numbers from 1 on.
  absl::Status PutContracts() {
    for (std::uint64_t number = 1;; ++number) {
      auto request = NewRequest<v1::GetContractRequest>();
      request.set_contract(fmt::to_string(number));
      const auto contract = session_.Call(&Session::Registry::GetContract, request);
      if (absl::IsNotFound(contract.status())) return absl::OkStatus();
      if (!contract.ok()) return contract.status();
      if (absl::Status put = PutContract(*contract); !put.ok()) return put;
    }
  }

  absl::Status PutContract(const v1::Contract& contract) {
    const auto issuer = CodeOfParty(contract.issuer());
    const auto taker = CodeOfParty(contract.taker());
    if (!issuer.ok() || !taker.ok()) return issuer.ok() ? taker.status() : issuer.status();
    RowValues transfer;
    AddAttributes(contract.attributes(), "LZHT.", &transfer);
    if (!transfer.empty()) {
      transfer.merge(RowValues{{"LZHTBM", contract.code()},
                               {"CBFBM", *issuer},
                               {"SRFBM", *taker},
                               {"LZFS", contract.method()},
                               {"HTQDRQ", contract.signed_date()}});
      return PutRow(scratch_, "LZHT", transfer);
    }
    RowValues values = {{"CBHTBM", contract.code()},
                        {"FBFBM", *issuer},
                        {"CBFBM", *taker},
                        {"CBFS", contract.method()},
                        {"QDSJ", contract.signed_date()}};
    AddAttributes(contract.attributes(), "CBHT.", &values);
    const auto rights = PutParcels(contract, *issuer, &values);
    if (!rights.ok()) return rights.status();
    if (*rights == 0) {
      ++contracts_left_out_;
      return absl::OkStatus();
    }
    absl::Status status = PutRow(scratch_, "CBHT", values);
    if (status.ok()) status = PutEntry(contract, values);
    if (status.ok()) status = PutNumbered(contract.attributes(), "QSLYZLFJ", contract.code());
    return status;
  }

  // The rights that stand by the contract; the term is theirs as it stands now.
  absl::StatusOr<int> PutParcels(const v1::Contract& contract, const std::string& issuer,
                                 RowValues* of_contract) {
    int parcels = 0;
    auto rows = scratch_.Prepare("SELECT bytes FROM held WHERE contract = ? ORDER BY number");
    if (!rows.ok()) return rows.status();
    rows->Bind(static_cast<std::int64_t>(contract.number()));
    for (;;) {
      const auto row = rows->Step();
      if (!row.ok()) return row.status();
      if (!*row) return parcels;
      v1::Right right;
      right.ParseFromString(rows->Text(0));
      (*of_contract)["CBQXQ"] = right.term().start_date();
      (*of_contract)["CBQXZ"] =
          right.term().no_end() ? exchange::kNoEndDate : right.term().end_date();
      const auto plot = PlotOfUnit(right.unit());
      const auto holder = CodeOfParty(right.holders(0).party());
      if (!plot.ok() || !holder.ok()) return plot.ok() ? holder.status() : plot.status();
      RowValues values = {{"DKBM", *plot},
                          {"FBFBM", issuer},
                          {"CBFBM", *holder},
                          {"CBHTBM", contract.code()},
                          {"CBJYQZBM", contract.code()}};
      AddAttributes(right.attributes(), "CBDKXX.", &values);
      if (absl::Status put = PutRow(scratch_, "CBDKXX", values); !put.ok()) return put;
      ++parcels;
    }
  }

  absl::StatusOr<std::string> PlotOfUnit(std::uint64_t unit) {
    auto row = scratch_.Prepare("SELECT code FROM unit_plot WHERE unit = ?");
    if (!row.ok()) return row.status();
    const auto found = row->Bind(static_cast<std::int64_t>(unit)).Step();
    if (!found.ok()) return found.status();
    return *found ? row->Text(0) : std::string();
  }

  absl::Status PutEntry(const v1::Contract& contract, const RowValues& of_contract) {
    RowValues values;
    AddAttributes(contract.attributes(), "CBJYQZDJB.", &values);
    for (const char* same : {"FBFBM", "CBFBM", "CBFS", "CBQXQ", "CBQXZ"}) {
      values[same] = of_contract.at(same);
    }
    values["CBJYQZBM"] = contract.code();
    values["DJSJ"] = contract.origin().registered_date();
    return PutRow(scratch_, "CBJYQZDJB", values);
  }

  // The rows of a table that are kept as "TABLE.n.COLUMN", and as names "TABLE.<code>.n.COLUMN".
  template <typename Attributes>
  absl::Status PutNumbered(const Attributes& attributes, const std::string& table,
                           const std::string& code) {
    for (int n = 0;; ++n) {
      RowValues values;
      AddAttributes(attributes, fmt::format("{}.{}.", table, n), &values);
      if (absl::Status added = AddNames(fmt::format("{}.{}.{}.", table, code, n), &values);
          !added.ok()) {
        return added;
      }
      if (values.empty()) return absl::OkStatus();
      values["CBJYQZBM"] = code;
      if (absl::Status put = PutRow(scratch_, table, values); !put.ok()) return put;
    }
  }

  absl::Status AddNames(const std::string& before, RowValues* values) {
    auto rows = scratch_.Prepare("SELECT key, value FROM name_of WHERE key >= ? AND key < ?");
    if (!rows.ok()) return rows.status();
    std::string after = before;
    after.back() = static_cast<char>(after.back() + 1);
    rows->Bind(before).Bind(after);
    for (;;) {
      const auto row = rows->Step();
      if (!row.ok()) return row.status();
      if (!*row) return absl::OkStatus();
      (*values)[rows->Text(0).substr(before.size())] = rows->Text(1);
    }
  }

  absl::Status PutCertificates() {
    for (std::uint64_t number = 1;; ++number) {
      auto request = NewRequest<v1::GetCertificateRequest>();
      request.set_certificate(fmt::to_string(number));
      const auto certificate = session_.Call(&Session::Registry::GetCertificate, request);
      if (absl::IsNotFound(certificate.status())) return absl::OkStatus();
      if (!certificate.ok()) return certificate.status();
      if (certificate->state() != v1::RECORD_STATE_LIVE) continue;
      if (certificate->origin().register_().empty()) {
        ++certificates_left_out_;
        continue;
      }
      if (absl::Status put = PutCertificate(*certificate); !put.ok()) return put;
    }
  }

  absl::Status PutCertificate(const v1::Certificate& certificate) {
    const std::string& code = certificate.origin().document_number();
    RowValues values = {{"CBJYQZBM", code}, {"FZRQ", certificate.issued_date()}};
    AddAttributes(certificate.attributes(), "CBJYQZ.", &values);
    absl::Status status = AddNames(fmt::format("CBJYQZ.{}.", code), &values);
    if (status.ok()) status = PutRow(scratch_, "CBJYQZ", values);
    for (const exchange::AttachedTable& table : exchange::AttachedToCertificate()) {
      if (status.ok()) {
        status = PutNumbered(certificate.attributes(), std::string(table.table), code);
      }
    }
    return status;
  }

  void AddNotes(std::vector<std::string>& notes) const {
    if (contracts_left_out_ > 0) {
      notes.push_back(
          fmt::format("{} contracts by which no right stands are left out", contracts_left_out_));
    }
    if (certificates_left_out_ > 0) {
      notes.push_back(fmt::format(
          "{} certificates of this book are left out: the package holds contract certificates only",
          certificates_left_out_));
    }
  }

  Session& session_;
  const v1::ReadOptions& read_;
  Scratch& scratch_;
  std::uint64_t contracts_left_out_ = 0;
  std::uint64_t certificates_left_out_ = 0;
};

}  // namespace

absl::Status PutRow(Scratch& scratch, const std::string& table, const RowValues& values) {
  const exchange::TableLayout& layout = *exchange::FindTable(table);
  std::string places;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) places += ", ?";
  auto put = scratch.Prepare(
      fmt::format("INSERT INTO {} VALUES(NULL, 0{})", exchange::Quoted(table), places));
  if (!put.ok()) return put.status();
  for (const exchange::Column& column : layout.columns) {
    const auto value = values.find(column.name);
    put->Bind(value == values.end() ? std::string_view() : std::string_view(value->second));
  }
  return put->Step().status();
}

absl::Status ForEachTableRow(Scratch& scratch, const exchange::TableLayout& table,
                             const std::function<absl::Status(const RowValues&)>& take) {
  const std::string query = fmt::format("SELECT * FROM {} ORDER BY {}, row",
                                        exchange::Quoted(table.name), table.columns.front().name);
  return ForEachRow(scratch, query, [&](const Statement& row) {
    RowValues values;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      values[table.columns[i].name] = row.Text(static_cast<int>(i) + 2);
    }
    return take(values);
  });
}

absl::StatusOr<std::string> NameOf(Scratch& scratch, const std::string& key) {
  auto row = scratch.Prepare("SELECT value FROM name_of WHERE key = ?");
  if (!row.ok()) return row.status();
  const auto found = row->Bind(key).Step();
  if (!found.ok()) return found.status();
  return *found ? row->Text(0) : std::string();
}

absl::Status ReadBook(Session& session, const v1::ReadOptions& read, ProgressBar& progress,
                      Scratch& scratch, std::vector<std::string>& notes) {
  return BookTables(session, read, scratch).Fill(progress, notes);
}

}  // namespace landbook::tools
