#include "tools/exchange/title_records.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "tools/exchange/source_record.h"
#include "tools/exchange/table_layout.h"
#include "tools/exchange/title_fields.h"

namespace landbook::exchange {
namespace {

using Attributes = google::protobuf::RepeatedPtrField<v1::Attribute>;
using Fields = std::span<const std::string_view>;

// A row of a scratch table by its columns' names; what is null is empty.
class TableRow {
 public:
  TableRow(const TableLayout& table, const Statement& statement)
      : id_{table.name, statement.Integer(0)}, bad_(statement.Integer(1) != 0) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      values_.emplace(table.columns[i].name, statement.Text(static_cast<int>(i) + 2));
    }
  }
  const RowId& id() const { return id_; }
  bool bad() const { return bad_; }
  const std::string& operator[](std::string_view column) const {
    return values_.find(column)->second;
  }

 private:
  RowId id_;
  bool bad_;
  std::map<std::string, std::string, std::less<>> values_;
};

// The rows of a table that are not bad, or all of them, and whose `column` is `value` (any for no
// column), by `order`.
struct RowsWanted {
  const char* table;
  const char* column;
  std::string value;
  const char* order = "row";
  bool bad_too = false;
};
absl::Status ForEachRow(Scratch& scratch, const RowsWanted& wanted,
                        const std::function<absl::Status(const TableRow&)>& take) {
  const TableLayout& table = *FindTable(wanted.table);
  const std::string where =
      wanted.column == nullptr ? "" : fmt::format("AND {} = ?", wanted.column);
  const char* bad = wanted.bad_too ? "1" : "bad = 0";
  absl::StatusOr<Statement> rows = scratch.Prepare(fmt::format(
      "SELECT * FROM {} WHERE {} {} ORDER BY {}", Quoted(table.name), bad, where, wanted.order));
  if (!rows.ok()) return rows.status();
  if (wanted.column != nullptr) rows->Bind(wanted.value);
  for (;;) {
    const absl::StatusOr<bool> row = rows->Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    if (absl::Status taken = take(TableRow(table, *rows)); !taken.ok()) return taken;
  }
}

void AddAttributes(const TableRow& row, Fields fields, const std::string& before,
                   Attributes* attributes) {
  for (const std::string_view field : fields) {
    if (row[field].empty()) continue;
    v1::Attribute& attribute = *attributes->Add();
    attribute.set_key(fmt::format("{}.{}", before, field));
    attribute.set_value(row[field]);
  }
}

void AddSource(const TableRow& row, Fields fields, const std::string& before,
               SourceRecord* record) {
  for (const std::string_view field : fields) {
    if (!row[field].empty()) (*record)[fmt::format("{}.{}", before, field)] = row[field];
  }
}

// The birth date in the number of a resident card (GB 11643, places 7 to 14); the book checks it.
std::string BirthDateOf(const v1::Person& person) {
  constexpr std::size_t kCharacters = 18;
  const std::string& number = person.private_().identity_number();
  if (person.identity_document() != v1::IDENTITY_DOCUMENT_RESIDENT_CARD ||
      number.size() != kCharacters) {
    return "";
  }
  return CivilDateOf(number.substr(6, 8));
}

struct IdentityColumns {
  std::string_view name;
  std::string_view document;
  std::string_view number;
};

v1::Person PersonOf(const TableRow& row, const IdentityColumns& columns) {
  v1::Person person;
  person.set_identity_document(IdentityDocumentOf(row[columns.document]));
  v1::PersonPrivate& values = *person.mutable_private_();
  values.set_full_name(row[columns.name]);
  values.set_identity_number(row[columns.number]);
  values.set_birth_date(BirthDateOf(person));
  return person;
}

// Terms: the last day of NY/T 2539 that means none.
v1::Term TermOf(const std::string& first, const std::string& last) {
  v1::Term term;
  term.set_start_date(first);
  if (last == kNoEndDate) {
    term.set_no_end(true);
  } else {
    term.set_end_date(last);
  }
  return term;
}

// Reads one contractor with everything that names it.
class ContractorReader {
 public:
  ContractorReader(Scratch& scratch, const TableRow& row) : scratch_(scratch), row_(row) {}

  absl::StatusOr<PartyRecord> Read() {
    record_.row = row_.id();
    record_.code = row_["CBFBM"];
    record_.issuer = record_.code.substr(0, 14);
    absl::Status status = ReadTitles();
    AddSource(row_, ContractorSourceFields(), "CBF", &source_);
    if (status.ok()) status = row_["CBFLX"] == "1" ? ReadHousehold() : ReadAlone();
    if (!status.ok()) return status;
    return std::move(record_);
  }

 private:
  // --- The party ---------------------------------------------------------------------------------

  absl::Status ReadHousehold() {
    record_.party.mutable_household()->set_contractor_code(record_.code);
    std::vector<MemberRecord> others;
    const auto take = [&](const TableRow& row) {
      MemberRecord member = MemberOf(row);
      const bool head = record_.members.empty() && row["CYXM"] == row_["CBFMC"] &&
                        row["CYZJLX"] == row_["CBFZJLX"] && row["CYZJHM"] == row_["CBFZJHM"];
      if (head) SetHead(&member);
      (head ? record_.members : others).push_back(std::move(member));
      return absl::OkStatus();
    };
    absl::Status status = ForEachRow(scratch_, {"CBF_JTCY", "CBFBM", record_.code}, take);
    for (MemberRecord& member : others) record_.members.push_back(std::move(member));
    return status;
  }

  MemberRecord MemberOf(const TableRow& row) const {
    MemberRecord member;
    member.row = row.id();
    member.person = PersonOf(row, {"CYXM", "CYZJLX", "CYZJHM"});
    v1::PersonPrivate& values = *member.person.mutable_private_();
    values.set_sex(row["CYXB"] == "1" ? v1::SEX_MALE : v1::SEX_FEMALE);
    values.set_relation_to_head(row["YHZGX"]);
    SourceRecord source;
    AddSource(row, MemberSourceFields(), "CBF_JTCY", &source);
    values.set_source_record(FormatSourceRecord(source));
    member.standing.set_standing(v1::MEMBER_STANDING_NOT_STATED);
    member.standing.set_co_holder(row["SFGYR"] == "1");
    return member;
  }

  void SetHead(MemberRecord* member) const {
    v1::PersonPrivate& values = *member->person.mutable_private_();
    member->standing.set_head(true);
    SetContact(&values);
    SourceRecord source = source_;
    source.merge(ParseSourceRecord(values.source_record()));
    values.set_source_record(FormatSourceRecord(source));
  }

  void SetContact(v1::PersonPrivate* values) const {
    values->set_address(row_["CBFDZ"]);
    values->set_telephone(row_["LXDH"]);
  }

  absl::Status ReadAlone() {
    if (row_["CBFLX"] == "2") {
      v1::Person& person = *record_.party.mutable_person();
      person = PersonOf(row_, {"CBFMC", "CBFZJLX", "CBFZJHM"});
      person.set_contractor_code(record_.code);
      SetContact(person.mutable_private_());
      person.mutable_private_()->set_source_record(FormatSourceRecord(source_));
      return absl::OkStatus();
    }
    // A unit: no natural person, so nothing of it is private but the names in its papers.
    v1::Organisation& unit = *record_.party.mutable_organisation();
    unit.set_title(row_["CBFMC"]);
    unit.set_organisation_kind(v1::ORGANISATION_KIND_OTHER);
    unit.set_contractor_code(record_.code);
    constexpr std::string_view kOwn[] = {"CBFZJHM", "CBFDZ",   "LXDH", "YZBM",  "CBFCYSL",
                                         "CBFDCRQ", "CBFDCJS", "GSJS", "GSSHRQ"};
    AddAttributes(row_, kOwn, "CBF", unit.mutable_attributes());
    return TellLeftOut();
  }

  // Names in a unit's papers have no person's key to lie under.
  absl::Status TellLeftOut() {
    return TellRow(
        scratch_, row_.id(),
        {"B403", Gravity::kNote, "names_left_out",
         "CBF: the names of surveyors, reviewers, neighbours, witnesses and collectors in "
         "a unit's papers are left out: no person holds them.",
         "CBF：单位承包资料中的调查员、审核人、四至、指界人及领证人姓名无处加密保存，未予"
         "录入。"});
  }

  // --- Titles ------------------------------------------------------------------------------------

  absl::Status ReadTitles() {
    return ForEachRow(scratch_, {"CBHT", "CBFBM", record_.code, "CBHTBM"},
                      [&](const TableRow& row) -> absl::Status { return ReadTitle(row); });
  }

  absl::Status ReadTitle(const TableRow& row) {
    TitleRecord title;
    title.contract_row = row.id();
    const std::string& code = row["CBHTBM"];
    v1::NewContract& contract = title.contract;
    contract.set_code(code);
    contract.set_signed_date(row["QDSJ"]);
    contract.set_method(row["CBFS"]);
    contract.set_price_fen(0);
    contract.set_price_unstated(true);
    AddAttributes(row, ContractFields(), "CBHT", contract.mutable_attributes());
    AddTermAttributes(row, &contract);
    std::string note;
    std::string paper;
    // An entry none of whose parcels can be taken stays out, and yet dates the contract.
    absl::Status status = ForEachRow(
        scratch_, {"CBJYQZDJB", "CBJYQZBM", code, "row", /*bad_too=*/true},
        [&](const TableRow& entry) {
          if (!entry.bad()) title.register_rows.push_back(entry.id());
          title.registered_date = entry["DJSJ"];
          note = entry["DJBFJ"];
          paper = entry["CBJYQZLSH"];
          AddAttributes(entry, RegisterFields(), "CBJYQZDJB", contract.mutable_attributes());
          return absl::OkStatus();
        });
    if (status.ok()) {
      status = ReadAttached(AttachedToContract(), code, &title.register_rows,
                            contract.mutable_attributes());
    }
    if (status.ok()) status = ReadParcels(row, note, &title);
    if (status.ok()) status = ReadCertificate(code, paper, &title);
    if (status.ok()) status = ReadNames(code);
    if (status.ok()) record_.titles.push_back(std::move(title));
    return status;
  }

  // The term stands on the rights; where none of them can be entered the contract still has it.
  static void AddTermAttributes(const TableRow& row, v1::NewContract* contract) {
    constexpr std::string_view kTerm[] = {"CBQXQ", "CBQXZ"};
    AddAttributes(row, kTerm, "CBHT", contract->mutable_attributes());
  }

  absl::Status ReadAttached(std::span<const AttachedTable> tables, const std::string& code,
                            std::vector<RowId>* rows, Attributes* attributes) {
    for (const AttachedTable& table : tables) {
      int number = 0;
      const std::string name(table.table);
      const absl::Status status =
          ForEachRow(scratch_, {name.c_str(), "CBJYQZBM", code}, [&](const TableRow& row) {
            rows->push_back(row.id());
            AddAttributes(row, table.fields, fmt::format("{}.{}", name, number++), attributes);
            return absl::OkStatus();
          });
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadParcels(const TableRow& contract, const std::string& note, TitleRecord* title) {
    const auto take = [&](const TableRow& row) {
      ParcelRecord parcel;
      parcel.row = row.id();
      parcel.plot_code = row["DKBM"];
      v1::GrantRight& right = parcel.right;
      right.set_type("contract");
      right.set_co_ownership(row_["CBFLX"] == "1" ? v1::CO_OWNERSHIP_JOINT : v1::CO_OWNERSHIP_SOLE);
      *right.mutable_term() = TermOf(contract["CBQXQ"], contract["CBQXZ"]);
      if (!note.empty()) right.add_notes(note);
      AddAttributes(row, ParcelFields(), "CBDKXX", right.mutable_attributes());
      title->parcels.push_back(std::move(parcel));
      return absl::OkStatus();
    };
    return ForEachRow(scratch_, {"CBDKXX", "CBHTBM", contract["CBHTBM"], "DKBM"}, take);
  }

  // --- Names -------------------------------------------------------------------------------------

  // Everybody who is named in the papers of a contract, also in rows that stay out: when a plot is
  // put right and the package comes again, the household is the same.
  absl::Status ReadNames(const std::string& code) {
    absl::Status status = ForEachRow(
        scratch_, {"CBDKXX", "CBHTBM", code, "row", /*bad_too=*/true},
        [&](const TableRow& row) -> absl::Status { return ReadNamesOfPlot(row["DKBM"]); });
    if (status.ok()) {
      status = ForEachRow(scratch_, {"CBJYQZ", "CBJYQZBM", code, "row", /*bad_too=*/true},
                          [&](const TableRow& row) {
                            AddSource(row, CertificateSourceFields(), "CBJYQZ." + code, &source_);
                            return absl::OkStatus();
                          });
    }
    for (const AttachedTable& table : AttachedToCertificate()) {
      if (!status.ok()) return status;
      int number = 0;
      const std::string name(table.table);
      status = ForEachRow(scratch_, {name.c_str(), "CBJYQZBM", code, "row", /*bad_too=*/true},
                          [&](const TableRow& row) {
                            AddSource(row, table.source_fields,
                                      fmt::format("{}.{}.{}", name, code, number++), &source_);
                            return absl::OkStatus();
                          });
    }
    return status;
  }

  // Neighbours and witnesses of the plot, and along the lines that name it before any other plot
  // that somebody holds.
  absl::Status ReadNamesOfPlot(const std::string& plot) {
    absl::Status status = ForEachRow(scratch_, {"DK", "DKBM", plot, "row", /*bad_too=*/true},
                                     [&](const TableRow& row) {
                                       AddSource(row, PlotSourceFields(), "DK." + plot, &source_);
                                       return absl::OkStatus();
                                     });
    if (!status.ok()) return status;
    absl::StatusOr<Statement> lines = scratch_.Prepare(
        "SELECT JZX.* FROM line_of JOIN JZX ON JZX.row = line WHERE code = ? AND place = (SELECT "
        "min(held.place) FROM line_of held JOIN CBDKXX ON CBDKXX.DKBM = held.code WHERE held.line "
        "= "
        "line_of.line) ORDER BY JZX.row");
    if (!lines.ok()) return lines.status();
    lines->Bind(plot);
    for (;;) {
      const absl::StatusOr<bool> found = lines->Step();
      if (!found.ok()) return found.status();
      if (!*found) return absl::OkStatus();
      const TableRow line(*FindTable("JZX"), *lines);
      AddSource(line, LineSourceFields(), LineKey(plot, line["QJZDH"], line["ZJZDH"]), &source_);
    }
  }

  absl::Status ReadCertificate(const std::string& code, const std::string& paper,
                               TitleRecord* title) {
    absl::Status status =
        ForEachRow(scratch_, {"CBJYQZ", "CBJYQZBM", code}, [&](const TableRow& row) {
          title->certificate_rows.push_back(row.id());
          v1::CarriedCertificate& certificate = title->certificate.emplace();
          certificate.set_certificate_number(paper);
          certificate.set_issued_date(row["FZRQ"]);
          AddAttributes(row, CertificateFields(), "CBJYQZ", certificate.mutable_attributes());
          return absl::OkStatus();
        });
    if (!status.ok() || !title->certificate) return status;
    return ReadAttached(AttachedToCertificate(), code, &title->certificate_rows,
                        title->certificate->mutable_attributes());
  }

  Scratch& scratch_;
  const TableRow& row_;
  PartyRecord record_;
  SourceRecord source_;
};

PartyRecord IssuerOf(const TableRow& row) {
  PartyRecord record;
  record.row = row.id();
  record.code = row["FBFBM"];
  v1::Collective& collective = *record.party.mutable_collective();
  collective.set_title(row["FBFMC"]);
  collective.set_level(LevelOfIssuer(record.code));
  const bool village = collective.level() == v1::COLLECTIVE_LEVEL_VILLAGE;
  collective.set_division(record.code.substr(0, village ? 12 : 14));
  collective.set_issuer_code(record.code);
  MemberRecord head;
  head.row = row.id();
  head.person = PersonOf(row, {"FBFFZRXM", "FZRZJLX", "FZRZJHM"});
  head.person.mutable_private_()->set_telephone(row["LXDH"]);
  SourceRecord source;
  AddSource(row, IssuerSourceFields(), "FBF", &source);
  head.person.mutable_private_()->set_source_record(FormatSourceRecord(source));
  record.members.push_back(std::move(head));
  return record;
}

}  // namespace

absl::Status ForEachIssuer(Scratch& scratch, const TakeParty& take) {
  return ForEachRow(scratch, {"FBF", nullptr, "", "FBFBM"},
                    [&](const TableRow& row) { return take(IssuerOf(row)); });
}

absl::Status ForEachContractor(Scratch& scratch, const TakeParty& take) {
  return ForEachRow(scratch, {"CBF", nullptr, "", "CBFBM"},
                    [&](const TableRow& row) -> absl::Status {
                      auto record = ContractorReader(scratch, row).Read();
                      if (!record.ok()) return record.status();
                      return take(*std::move(record));
                    });
}

absl::Status ForEachTransferContract(
    Scratch& scratch, const std::function<absl::Status(TransferContractRecord)>& take) {
  return ForEachRow(scratch, {"LZHT", nullptr, "", "LZHTBM"}, [&](const TableRow& row) {
    TransferContractRecord record;
    record.row = row.id();
    record.giver = row["CBFBM"];
    record.contract.set_code(row["LZHTBM"]);
    record.contract.mutable_issuer()->set_code(row["CBFBM"]);
    record.contract.mutable_taker()->set_code(row["SRFBM"]);
    record.contract.set_signed_date(row["HTQDRQ"]);
    record.contract.set_method(row["LZFS"]);
    record.contract.set_price_fen(0);
    record.contract.set_price_unstated(true);
    AddAttributes(row, TransferFields(), "LZHT", record.contract.mutable_attributes());
    return take(std::move(record));
  });
}

absl::StatusOr<std::optional<v1::CarryOver>> RegisterOfPlot(Scratch& scratch,
                                                            const std::string& plot_code) {
  absl::StatusOr<Statement> entry = scratch.Prepare(
      "SELECT d.CBJYQZBM, e.DJSJ, d.HTMJ FROM CBDKXX d JOIN CBJYQZDJB e ON e.CBJYQZBM = d.CBJYQZBM "
      "WHERE d.DKBM = ? AND d.bad = 0 AND e.bad = 0");
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<bool> found = entry->Bind(plot_code).Step();
  if (!found.ok()) return found.status();
  if (!*found) return std::optional<v1::CarryOver>();
  v1::CarryOver carry;
  carry.set_register_(kOlderRegister);
  carry.set_document_number(entry->Text(0));
  carry.set_registered_date(entry->Text(1));
  carry.mutable_plot()->set_recorded_area_m2(entry->Text(2));
  return std::optional<v1::CarryOver>(std::move(carry));
}

v1::IdentityDocument IdentityDocumentOf(const std::string& code) {
  if (code == "1") return v1::IDENTITY_DOCUMENT_RESIDENT_CARD;
  if (code == "2") return v1::IDENTITY_DOCUMENT_MILITARY_CARD;
  if (code == "4") return v1::IDENTITY_DOCUMENT_HOUSEHOLD_REGISTER;
  if (code == "5") return v1::IDENTITY_DOCUMENT_PASSPORT;
  return v1::IDENTITY_DOCUMENT_OTHER;
}

std::string CodeOfIdentityDocument(v1::IdentityDocument document) {
  switch (document) {
    case v1::IDENTITY_DOCUMENT_RESIDENT_CARD:
      return "1";
    case v1::IDENTITY_DOCUMENT_MILITARY_CARD:
      return "2";
    case v1::IDENTITY_DOCUMENT_HOUSEHOLD_REGISTER:
      return "4";
    case v1::IDENTITY_DOCUMENT_PASSPORT:
      return "5";
    default:
      return "9";
  }
}

std::string LineKey(const std::string& plot, const std::string& from, const std::string& to) {
  return fmt::format("JZX.{}.{}-{}", plot, std::min(from, to), std::max(from, to));
}

v1::CollectiveLevel LevelOfIssuer(const std::string& code) {
  return code.ends_with("00") ? v1::COLLECTIVE_LEVEL_VILLAGE : v1::COLLECTIVE_LEVEL_GROUP;
}

}  // namespace landbook::exchange
