#include "tools/exchange/package_check.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "fmt/format.h"

namespace landbook::exchange {
namespace {

constexpr Gravity kError = Gravity::kError;
constexpr Gravity kWarning = Gravity::kWarning;
constexpr Gravity kNote = Gravity::kNote;

// One rule about the rows of a table that are not bad yet. `where` and `code` are SQL over the
// table's columns ({0} is the county); the sentences are told as they stand.
struct RowRule {
  const char* table;
  const char* rule;
  Gravity gravity;
  const char* detail;
  const char* code;
  const char* where;
  const char* english;
  const char* chinese;
};

// Keys that have to be one row's alone.
struct Key {
  const char* table;
  const char* columns;
  const char* code;
};
constexpr Key kKeys[] = {
    {"FBF", "FBFBM", "FBFBM"},
    {"CBF", "CBFBM", "CBFBM"},
    {"CBF_JTCY", "CBFBM, CYZJLX, CYZJHM", "CBFBM"},
    {"CBHT", "CBHTBM", "CBHTBM"},
    {"CBJYQZDJB", "CBJYQZBM", "CBJYQZBM"},
    {"CBDKXX", "DKBM", "DKBM"},
    {"CBJYQZ", "CBJYQZBM", "CBJYQZBM"},
    {"LZHT", "LZHTBM", "LZHTBM"},
};

// Parties and their members.
constexpr RowRule kParties[] = {
    {"FBF", "B401", kError, "other_county", "FBFBM", "substr(FBFBM, 1, 6) <> '{0}'",
     "FBF: the code is of another county.", "FBF：发包方编码不属于本县。"},
    {"FBF", "B403", kError, "contradiction", "FBFBM", "FZRZJLX = '3'",
     "FBF: the head of an issuing party is a person and has no organisation code.",
     "FBF：发包方负责人为自然人，不应使用组织机构代码。"},
    {"CBF", "B403", kError, "dangling", "CBFBM",
     "substr(CBFBM, 1, 14) NOT IN (SELECT FBFBM FROM FBF WHERE bad = 0)",
     "CBF: its issuing party (the first 14 digits of its code) is not in FBF, or stays out.",
     "CBF：所属发包方（编码前 14 位）不在 FBF 中或未被接受。"},
    {"CBF", "B401", kWarning, "serial_range", "CBFBM",
     "CAST(substr(CBFBM, 15, 4) AS INTEGER) NOT BETWEEN "
     "CASE CBFLX WHEN '1' THEN 1 WHEN '2' THEN 8001 ELSE 9001 END AND "
     "CASE CBFLX WHEN '1' THEN 8000 WHEN '2' THEN 9000 ELSE 9999 END",
     "CBF: the serial is outside the range of its kind: households 0001-8000, individuals "
     "8001-9000, "
     "units 9001-9999.",
     "CBF：顺序号与承包方类型不符（农户 0001-8000，个人 8001-9000，单位 9001-9999）。"},
    {"CBF", "B403", kError, "unit_without_name", "CBFBM", "CBFLX = '3' AND CBFZJLX <> '3'",
     "CBF: a unit is named by its organisation code (CBFZJLX 3); here only a person is.",
     "CBF：单位应以组织机构代码（证件类型 3）登记其名称，此处只有自然人信息。"},
    {"CBF", "B403", kError, "contradiction", "CBFBM", "CBFLX <> '3' AND CBFZJLX = '3'",
     "CBF: a household or an individual has a person's document, not an organisation code.",
     "CBF：农户和个人应为自然人证件，不应为组织机构代码。"},
    {"CBF_JTCY", "B403", kError, "dangling", "CBFBM",
     "CBFBM NOT IN (SELECT CBFBM FROM CBF WHERE CBFBM IS NOT NULL)",
     "CBF_JTCY: the contractor is not in CBF.", "CBF_JTCY：承包方不在 CBF 中。"},
    {"CBF_JTCY", "B403", kError, "no_household", "CBFBM",
     "CBFBM IN (SELECT CBFBM FROM CBF WHERE CBFLX <> '1')",
     "CBF_JTCY: the contractor is no household; only households have members.",
     "CBF_JTCY：承包方不是农户，只有农户才有家庭成员。"},
    {"CBF_JTCY", "B403", kError, "contradiction", "CBFBM", "CYZJLX = '3'",
     "CBF_JTCY: a person has no organisation code.", "CBF_JTCY：自然人不应使用组织机构代码。"},
    {"CBF_JTCY", "B402", kWarning, "person_twice", "CBFBM",
     "CYZJLX || ' ' || CYZJHM IN (SELECT CYZJLX || ' ' || CYZJHM FROM CBF_JTCY "
     "GROUP BY CYZJLX, CYZJHM HAVING count(DISTINCT CBFBM) > 1)",
     "CBF_JTCY: the same document is a member's of another household too; both are entered.",
     "CBF_JTCY：同一证件号码出现在不同农户中，均予录入，请核实。"},
    {"CBF", "B403", kError, "member_missing", "CBFBM",
     "CBFLX = '1' AND CBFBM NOT IN (SELECT CBFBM FROM CBF_JTCY WHERE CBFBM IS NOT NULL)",
     "CBF: the household has no member in CBF_JTCY.", "CBF：农户在 CBF_JTCY 中没有家庭成员。"},
    {"CBF", "B403", kError, "depends", "CBFBM",
     "CBFLX = '1' AND CBFBM IN (SELECT CBFBM FROM CBF_JTCY WHERE bad = 1)",
     "CBF: a member of the household stays out, so nobody could tell who holds its rights.",
     "CBF：该农户有家庭成员未被接受，无法确定权利人，整户不予录入。"},
    {"CBF", "B403", kError, "representative", "CBFBM",
     "CBFLX = '1' AND NOT EXISTS (SELECT 1 FROM CBF_JTCY m WHERE m.CBFBM = CBF.CBFBM AND "
     "m.CYXM = CBF.CBFMC AND m.CYZJLX = CBF.CBFZJLX AND m.CYZJHM = CBF.CBFZJHM)",
     "CBF: the representative is not among the members by name and document.",
     "CBF：户代表的姓名、证件与任一家庭成员均不一致。"},
    {"CBF", "B403", kWarning, "count", "CBFBM",
     "CBFLX = '1' AND CAST(CBFCYSL AS INTEGER) <> "
     "(SELECT count(*) FROM CBF_JTCY m WHERE m.CBFBM = CBF.CBFBM)",
     "CBF: CBFCYSL is not the number of members in CBF_JTCY.",
     "CBF：承包方成员数量与 CBF_JTCY 的行数不一致。"},
    {"CBF_JTCY", "B403", kError, "depends", "CBFBM",
     "CBFBM IN (SELECT CBFBM FROM CBF WHERE bad = 1)", "CBF_JTCY: the household stays out.",
     "CBF_JTCY：所属农户未被接受。"},
};

// Contracts, the register, the parcels under them, and the certificates.
constexpr RowRule kTitles[] = {
    {"CBHT", "B403", kError, "dangling", "CBHTBM",
     "CBFBM NOT IN (SELECT CBFBM FROM CBF WHERE bad = 0)",
     "CBHT: the contractor is not in CBF, or stays out.", "CBHT：承包方不在 CBF 中或未被接受。"},
    {"CBHT", "B401", kError, "contradiction", "CBHTBM",
     "substr(CBHTBM, 1, 18) <> CBFBM OR length(CBHTBM) <> 19 OR "
     "substr(CBHTBM, 19, 1) <> CASE CBFS WHEN '110' THEN 'J' ELSE 'Q' END",
     "CBHT: the contract's code is not the contractor's with J for household contracting (110) or "
     "Q "
     "for other methods.",
     "CBHT：合同代码应为承包方编码加 J（家庭承包，110）或 Q（其他方式）。"},
    {"CBHT", "B401", kError, "contradiction", "CBHTBM", "substr(CBFBM, 1, 14) <> FBFBM",
     "CBHT: the contractor is not of the issuing party.", "CBHT：承包方不属于该发包方。"},
    {"CBHT", "B403", kError, "term_backward", "CBHTBM", "CBQXZ < CBQXQ",
     "CBHT: the term ends before it begins.", "CBHT：承包期限止早于承包期限起。"},
    {"CBJYQZDJB", "B403", kError, "dangling", "CBJYQZBM",
     "CBJYQZBM NOT IN (SELECT CBHTBM FROM CBHT WHERE bad = 0)",
     "CBJYQZDJB: its contract is not in CBHT, or stays out.",
     "CBJYQZDJB：对应合同不在 CBHT 中或未被接受。"},
    {"CBJYQZDJB", "B403", kError, "contradiction", "CBJYQZBM",
     "NOT EXISTS (SELECT 1 FROM CBHT h WHERE h.CBHTBM = CBJYQZBM AND "
     "h.CBFBM = CBJYQZDJB.CBFBM AND h.FBFBM = CBJYQZDJB.FBFBM AND h.CBFS = CBJYQZDJB.CBFS AND "
     "h.CBQXQ = CBJYQZDJB.CBQXQ AND h.CBQXZ = CBJYQZDJB.CBQXZ)",
     "CBJYQZDJB: the register and the contract differ in party, method or term; which is right is "
     "not for an import to say.",
     "CBJYQZDJB：登记簿与合同在当事人、承包方式或期限上不一致，须先行更正。"},
    {"CBJYQZDJB", "B403", kError, "cancelled", "CBJYQZBM",
     "CBJYQZBM IN (SELECT CBJYQZBM FROM CBJYQZ_QZZX WHERE CBJYQZBM IS NOT NULL)",
     "CBJYQZDJB: the certificate was cancelled (CBJYQZ_QZZX); what stands after that is not in the "
     "package.",
     "CBJYQZDJB：权证已注销（CBJYQZ_QZZX），其后的权利状况资料中未载明。"},
    {"CBHT", "B403", kError, "not_registered", "CBHTBM",
     "CBHTBM NOT IN (SELECT CBJYQZBM FROM CBJYQZDJB WHERE bad = 0)",
     "CBHT: no entry of CBJYQZDJB that can be taken registers it.",
     "CBHT：CBJYQZDJB 中没有可接受的对应登记。"},
    {"CBDKXX", "B403", kError, "dangling", "DKBM",
     "DKBM NOT IN (SELECT DKBM FROM DK WHERE DKBM IS NOT NULL)", "CBDKXX: the parcel is not in DK.",
     "CBDKXX：地块不在 DK 中。"},
    {"CBDKXX", "B403", kError, "dangling", "DKBM",
     "CBHTBM NOT IN (SELECT CBHTBM FROM CBHT WHERE bad = 0)",
     "CBDKXX: its contract is not in CBHT, or stays out.",
     "CBDKXX：对应合同不在 CBHT 中或未被接受。"},
    {"CBDKXX", "B403", kError, "contradiction", "DKBM",
     "CBJYQZBM <> CBHTBM OR NOT EXISTS (SELECT 1 FROM CBHT h WHERE h.CBHTBM = CBDKXX.CBHTBM AND "
     "h.CBFBM = CBDKXX.CBFBM AND h.FBFBM = CBDKXX.FBFBM)",
     "CBDKXX: the parcel and its contract differ in code or party.",
     "CBDKXX：地块信息与合同在代码或当事人上不一致。"},
    {"CBDKXX", "B403", kWarning, "contradiction", "DKBM",
     "DKBM IN (SELECT DKBM FROM DK WHERE DKLB <> '10')",
     "CBDKXX: DK says that the parcel is no contracted one (DKLB).",
     "CBDKXX：DK 中该地块的类别不是承包地块。"},
    {"CBHT", "B403", kWarning, "count", "CBHTBM",
     "CAST(CBDKZS AS INTEGER) <> (SELECT count(*) FROM CBDKXX d WHERE d.CBHTBM = CBHT.CBHTBM)",
     "CBHT: CBDKZS is not the number of parcels in CBDKXX.",
     "CBHT：承包地块总数与 CBDKXX 的行数不一致。"},
    {"CBHT", "B403", kWarning, "sum", "CBHTBM",
     "CAST(round(HTZMJ * 100) AS INTEGER) <> (SELECT coalesce(sum(CAST(round(HTMJ * 100) AS "
     "INTEGER)), 0) FROM CBDKXX d WHERE d.CBHTBM = CBHT.CBHTBM)",
     "CBHT: HTZMJ is not the sum of the parcels' HTMJ.",
     "CBHT：合同总面积与各地块合同面积之和不一致。"},
    {"CBJYQZ", "B403", kError, "dangling", "CBJYQZBM",
     "CBJYQZBM NOT IN (SELECT CBJYQZBM FROM CBJYQZDJB WHERE bad = 0)",
     "CBJYQZ: the register has no such entry, or it stays out.",
     "CBJYQZ：登记簿中没有该权证或该登记未被接受。"},
    {"CBJYQZ_QZBF", "B403", kError, "dangling", "CBJYQZBM",
     "CBJYQZBM NOT IN (SELECT CBJYQZBM FROM CBJYQZ WHERE bad = 0)",
     "CBJYQZ_QZBF: the certificate is not in CBJYQZ, or stays out.",
     "CBJYQZ_QZBF：权证不在 CBJYQZ 中或未被接受。"},
    {"CBJYQZ_QZHF", "B403", kError, "dangling", "CBJYQZBM",
     "CBJYQZBM NOT IN (SELECT CBJYQZBM FROM CBJYQZ WHERE bad = 0)",
     "CBJYQZ_QZHF: the certificate is not in CBJYQZ, or stays out.",
     "CBJYQZ_QZHF：权证不在 CBJYQZ 中或未被接受。"},
    {"CBJYQZ_QZZX", "B403", kError, "cancelled", "CBJYQZBM", "1",
     "CBJYQZ_QZZX: a cancelled certificate is not carried over, nor is what it stated.",
     "CBJYQZ_QZZX：已注销的权证及其所载权利不予承接。"},
    {"QSLYZLFJ", "B403", kError, "dangling", "CBJYQZBM",
     "CBJYQZBM NOT IN (SELECT CBHTBM FROM CBHT WHERE bad = 0)",
     "QSLYZLFJ: the contract is not in CBHT, or stays out.",
     "QSLYZLFJ：对应合同不在 CBHT 中或未被接受。"},
    {"LZHT", "B403", kError, "dangling", "LZHTBM",
     "CBHTBM NOT IN (SELECT CBHTBM FROM CBHT h WHERE h.bad = 0 AND h.CBFBM = LZHT.CBFBM) OR "
     "SRFBM NOT IN (SELECT CBFBM FROM CBF WHERE bad = 0)",
     "LZHT: the contract that it passes on, or one of its parties, is not in the package or stays "
     "out.",
     "LZHT：被流转的合同或当事人不在资料中或未被接受。"},
    {"LZHT", "B403", kError, "term_backward", "LZHTBM", "LZQXJSRQ < LZQXKSRQ",
     "LZHT: the term ends before it begins.", "LZHT：流转期限止早于流转期限起。"},
    {"DK", "B403", kNote, "names_left_out", "DKBM",
     "DKBM NOT IN (SELECT DKBM FROM CBDKXX WHERE bad = 0) AND "
     "coalesce(DKDZ, DKXZ, DKNZ, DKBZ, ZJRXM) IS NOT NULL",
     "DK: the names of neighbours and witnesses are left out: nobody in the package holds the "
     "plot, "
     "under whose key they could lie.",
     "DK：该地块没有承包方，四至及指界人姓名无处加密保存，未予录入。"},
    {"JZX", "B403", kNote, "names_left_out", "JZXH",
     "coalesce(PLDWQLR, PLDWZJR) IS NOT NULL AND row NOT IN (SELECT line FROM line_of WHERE code "
     "IN "
     "(SELECT DKBM FROM CBDKXX WHERE bad = 0))",
     "JZX: the names along the line are left out: nobody in the package holds a plot beside it, "
     "under "
     "whose key they could lie.",
     "JZX：该界址线两侧地块均没有承包方，权利人及指界人姓名无处加密保存，未予录入。"},
};

constexpr RowRule kAfterPlots[] = {
    {"CBDKXX", "B403", kError, "depends", "DKBM", "DKBM NOT IN (SELECT DKBM FROM DK WHERE bad = 0)",
     "CBDKXX: the plot stays out, so there is nothing to hold a right in.",
     "CBDKXX：地块未被接受，无法设立权利。"},
    {"CBJYQZDJB", "B403", kError, "depends", "CBJYQZBM",
     "CBJYQZBM NOT IN (SELECT CBJYQZBM FROM CBDKXX WHERE bad = 0)",
     "CBJYQZDJB: no parcel of the entry can be taken.", "CBJYQZDJB：该登记没有可接受的地块。"},
    {"CBJYQZ", "B403", kError, "rights_missing", "CBJYQZBM",
     "CBJYQZBM IN (SELECT CBJYQZBM FROM CBDKXX WHERE bad = 1) OR "
     "CBJYQZBM NOT IN (SELECT CBJYQZBM FROM CBDKXX WHERE bad = 0)",
     "CBJYQZ: the certificate states parcels that stay out, so the book would say less than the "
     "paper.",
     "CBJYQZ：权证所载部分地块未被接受，登记簿与原证不一致，暂不承接该证。"},
};

constexpr RowRule kBoundaryRows[] = {
    {"JZD", "B403", kError, "dangling", "JZDH",
     "row NOT IN (SELECT point FROM point_of WHERE code IN (SELECT DKBM FROM DK WHERE bad = 0))",
     "JZD: none of the plots that it names is in DK, or they stay out.",
     "JZD：所列地块均不在 DK 中或未被接受。"},
    {"JZD", "B403", kError, "off_boundary", "JZDH", "row NOT IN (SELECT point FROM point_used)",
     "JZD: no vertex of the plots that it names lies within 2 mm of the point.",
     "JZD：所列地块的界线上 2 毫米内没有对应的顶点。"},
    {"JZX", "B403", kError, "dangling", "JZXH",
     "row NOT IN (SELECT line FROM line_of WHERE code IN (SELECT DKBM FROM DK WHERE bad = 0))",
     "JZX: none of the plots that it names is in DK, or they stay out.",
     "JZX：所列地块均不在 DK 中或未被接受。"},
    {"JZX", "B403", kError, "off_boundary", "JZXH", "row NOT IN (SELECT line FROM line_used)",
     "JZX: its points do not bound one part of the plots that it names, or another line lies "
     "there.",
     "JZX：起止界址点不能唯一确定所列地块的一段界线，或该段已有其他界址线。"},
};

absl::Status Apply(Scratch& scratch, const RowRule& rule, std::string_view county) {
  const std::string where = fmt::format(fmt::runtime(rule.where), county);
  absl::StatusOr<Statement> tell = scratch.Prepare(fmt::format(
      "INSERT INTO finding SELECT ?, row, ?, ?, {}, ?, ?, ? FROM {} WHERE bad = 0 AND ({})",
      rule.code, Quoted(rule.table), where));
  if (!tell.ok()) return tell.status();
  tell->Bind(rule.table).Bind(rule.rule).Bind(static_cast<std::int64_t>(rule.gravity));
  tell->Bind(rule.detail).Bind(rule.english).Bind(rule.chinese);
  absl::Status status = tell->Step().status();
  if (!status.ok() || rule.gravity != kError) return status;
  return scratch.Run(
      fmt::format("UPDATE {} SET bad = 1 WHERE bad = 0 AND ({})", Quoted(rule.table), where));
}

absl::Status ApplyAll(Scratch& scratch, std::span<const RowRule> rules, std::string_view county) {
  for (const RowRule& rule : rules) {
    if (absl::Status status = Apply(scratch, rule, county); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Rows of one key all stay out, for nothing says which of them is meant.
absl::Status CheckKeys(Scratch& scratch) {
  for (const Key& key : kKeys) {
    const std::string where =
        fmt::format("({0}) IN (SELECT {0} FROM {1} GROUP BY {0} HAVING count(*) > 1)", key.columns,
                    Quoted(key.table));
    const std::string english = fmt::format(
        "{}: another row has the same {}; all of them stay out.", key.table, key.columns);
    const std::string chinese =
        fmt::format("{}：另有行的 {} 与之相同，均不予录入。", key.table, key.columns);
    const RowRule rule = {key.table, "B402",        kError,          "in_file",
                          key.code,  where.c_str(), english.c_str(), chinese.c_str()};
    if (absl::Status status = Apply(scratch, rule, ""); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MakeIndexes(Scratch& scratch) {
  return scratch.Run(
      "CREATE INDEX dk_code ON DK(DKBM); CREATE INDEX cbf_code ON CBF(CBFBM);"
      "CREATE INDEX member_of ON CBF_JTCY(CBFBM);"
      "CREATE INDEX member_document ON CBF_JTCY(CYZJLX, CYZJHM);"
      "CREATE INDEX cbht_code ON CBHT(CBHTBM); CREATE INDEX cbht_party ON CBHT(CBFBM);"
      "CREATE INDEX parcel_code ON CBDKXX(DKBM); CREATE INDEX parcel_contract ON CBDKXX(CBHTBM);"
      "CREATE INDEX parcel_paper ON CBDKXX(CBJYQZBM);"
      "CREATE INDEX entry_code ON CBJYQZDJB(CBJYQZBM);"
      "CREATE INDEX paper_code ON CBJYQZ(CBJYQZBM);"
      "CREATE INDEX document_of ON QSLYZLFJ(CBJYQZBM);"
      "CREATE INDEX finding_row ON finding(tab, row);");
}

// Puts every code of a list "a/b/c" with its row and its place in the list.
absl::Status Link(Scratch& scratch, const std::string& table, const std::string& link) {
  absl::StatusOr<Statement> rows = scratch.Prepare(
      fmt::format("SELECT row, DKBM FROM {} WHERE bad = 0 ORDER BY row", Quoted(table)));
  if (!rows.ok()) return rows.status();
  absl::StatusOr<Statement> put =
      scratch.Prepare(fmt::format("INSERT INTO {} VALUES(?, ?, ?)", link));
  if (!put.ok()) return put.status();
  for (;;) {
    const absl::StatusOr<bool> row = rows->Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const std::string list = rows->Text(1);
    std::string_view rest = list;
    for (std::int64_t place = 0; !rest.empty(); ++place) {
      const std::string_view code = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(rest.size(), code.size() + 1));
      put->Bind(code).Bind(rows->Integer(0)).Bind(place);
      if (absl::Status status = put->Step().status(); !status.ok()) return status;
      put->Reset();
    }
  }
}

}  // namespace

absl::Status CheckRecords(Scratch& scratch, std::string_view county) {
  absl::Status status = MakeIndexes(scratch);
  if (status.ok()) status = CheckKeys(scratch);
  if (status.ok()) status = ApplyAll(scratch, kParties, county);
  if (status.ok()) status = ApplyAll(scratch, kTitles, county);
  return status;
}

absl::Status CheckAfterPlots(Scratch& scratch) { return ApplyAll(scratch, kAfterPlots, ""); }

absl::Status LinkBoundaries(Scratch& scratch) {
  absl::Status status = scratch.Run(
      "CREATE TABLE point_of(code TEXT, point INTEGER, place INTEGER);"
      "CREATE TABLE line_of(code TEXT, line INTEGER, place INTEGER);"
      "CREATE TABLE point_used(point INTEGER PRIMARY KEY);"
      "CREATE TABLE line_used(line INTEGER PRIMARY KEY)");
  if (status.ok()) status = Link(scratch, "JZD", "point_of");
  if (status.ok()) status = Link(scratch, "JZX", "line_of");
  if (!status.ok()) return status;
  return scratch.Run(
      "CREATE INDEX point_code ON point_of(code); CREATE INDEX point_line ON "
      "point_of(point); CREATE INDEX line_code ON line_of(code); CREATE INDEX line_line ON "
      "line_of(line)");
}

absl::Status CheckBoundaryRows(Scratch& scratch) { return ApplyAll(scratch, kBoundaryRows, ""); }

absl::Status TellRow(Scratch& scratch, const RowId& id, const Said& said) {
  absl::StatusOr<Statement> tell =
      scratch.Prepare("INSERT INTO finding VALUES(?, ?, ?, ?, NULL, ?, ?, ?)");
  if (!tell.ok()) return tell.status();
  tell->Bind(id.table).Bind(id.row).Bind(said.rule).Bind(static_cast<std::int64_t>(said.gravity));
  tell->Bind(said.detail).Bind(said.english).Bind(said.chinese);
  if (absl::Status status = tell->Step().status(); !status.ok()) return status;
  if (said.gravity != kError) return absl::OkStatus();
  absl::StatusOr<Statement> mark =
      scratch.Prepare(fmt::format("UPDATE {} SET bad = 1 WHERE row = ?", Quoted(id.table)));
  if (!mark.ok()) return mark.status();
  return mark->Bind(id.row).Step().status();
}

}  // namespace landbook::exchange
