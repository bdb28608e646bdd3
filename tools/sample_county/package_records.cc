#include "tools/sample_county/package_records.h"

#include <array>
#include <utility>

#include "fmt/format.h"

namespace landbook::sample_county {
namespace {

using geo::Value;

constexpr std::array<std::pair<const char*, const char*>, 7> kTables = {{
    {"FBF",
     "FBFBM C14;FBFMC C50;FBFFZRXM C50;FZRZJLX C1;FZRZJHM C30;LXDH C15;FBFDZ C100;YZBM C6;"
     "FBFDCY C254;FBFDCRQ D;FBFDCJS C254"},
    {"CBF",
     "CBFBM C18;CBFLX C1;CBFMC C50;CBFZJLX C1;CBFZJHM C20;CBFDZ C100;YZBM C6;LXDH C20;CBFCYSL I2;"
     "CBFDCRQ D;CBFDCY C50;CBFDCJS C254;GSJS C254;GSJSR C50;GSSHRQ D;GSSHR C50"},
    {"CBF_JTCY",
     "CBFBM C18;CYXM C50;CYXB C1;CYZJLX C1;CYZJHM C20;YHZGX C2;CYBZ C1;SFGYR C1;CYBZSM C254"},
    {"CBHT",
     "CBHTBM C19;YCBHTBM C19;FBFBM C14;CBFBM C18;CBFS C3;CBQXQ D;CBQXZ D;HTZMJ F15.2;CBDKZS I3;"
     "QDSJ D;HTZMJM F15.2;YHTZMJ F15.2;YHTZMJM F15.2"},
    {"CBDKXX",
     "DKBM C19;FBFBM C14;CBFBM C18;CBJYQQDFS C3;HTMJ F15.2;CBHTBM C19;LZHTBM C18;CBJYQZBM C19;"
     "YHTMJ F15.2;HTMJM F15.2;YHTMJM F15.2;SFQQQG C1"},
    {"CBJYQZDJB",
     "CBJYQZBM C19;FBFBM C14;CBFBM C18;CBFS C3;CBQX C30;CBQXQ D;CBQXZ D;DKSYT C254;CBJYQZLSH C254;"
     "DJBFJ C254;YCBJYQZBH C100;DBR C50;DJSJ D"},
    {"CBJYQZ",
     "CBJYQZBM C19;FZJG C50;FZRQ D;QZSFLQ C1;QZLQRQ D;QZLQRXM C50;QZLQRZJLX C1;QZLQRZJHM C20"},
}};

constexpr const char* kPostcode = "900100";
constexpr const char* kSurveyor = "样例调查员";
constexpr int kTermYears = 30;  // 农村土地承包法, article 21: cropland

// The contracted area and the number of plots of a household.
struct Holding {
  std::int64_t area_hundredths_m2 = 0;
  std::int64_t plots = 0;
};

Holding HoldingOf(const GroupRecords& records, int household) {
  Holding holding;
  for (const Plot& plot : records.plots) {
    if (records.HouseholdOfPlot(plot.index) != household) continue;
    holding.area_hundredths_m2 += plot.stated_area_hundredths_m2;
    ++holding.plots;
  }
  return holding;
}

std::string AddressOf(const GroupRecords& records) {
  const Options& options = records.layout->options();
  return fmt::format("{}第{}村{}组", options.county_name, records.group / kGroupsPerVillage + 1,
                     records.group % kGroupsPerVillage + 1);
}

int TermBegins(const GroupRecords& records) { return records.layout->options().year - 2; }

}  // namespace

absl::StatusOr<RecordTables> RecordTables::Open(const PackagePlace& place) {
  RecordTables tables;
  for (const auto& [name, fields] : kTables) {
    absl::StatusOr<Writer> opened = OpenTable(place, name, fields);
    if (!opened.ok()) return opened.status();
    tables.tables_[name] = *std::move(opened);
  }
  return tables;
}

absl::Status RecordTables::AddIssuer(const GroupRecords& records) {
  // The head of the group is one of its people.
  const Person& head = records.households.front().front();
  const int year = records.layout->options().year;
  return Row("FBF", {records.code, AddressOf(records) + "村民小组", head.name, "1",
                     head.identity_number, std::monostate(), AddressOf(records), kPostcode,
                     kSurveyor, DateText(year, 1, 15), std::monostate()});
}

absl::Status RecordTables::AddHousehold(const GroupRecords& records, int household) {
  const std::vector<Person>& people = records.households[static_cast<std::size_t>(household)];
  const int year = records.layout->options().year;
  const std::string code = records.ContractorCode(household);
  absl::Status status =
      Row("CBF",
          {code, "1", people[0].name, "1", people[0].identity_number, AddressOf(records), kPostcode,
           std::monostate(), static_cast<std::int64_t>(people.size()), DateText(year, 2, 1),
           kSurveyor, std::monostate(), "公示无异议", kSurveyor, DateText(year, 2, 20), kSurveyor});
  for (const Person& person : people) {
    status.Update(
        Row("CBF_JTCY", {code, person.name, person.female ? "2" : "1", "1", person.identity_number,
                         person.relation, std::monostate(), "1", std::monostate()}));
  }
  return status;
}

absl::Status RecordTables::AddTitle(const GroupRecords& records, int household) {
  const Holding holding = HoldingOf(records, household);
  const Options& options = records.layout->options();
  const std::string code = records.ContractCode(household);
  const std::string contractor = records.ContractorCode(household);
  const std::string begins = DateText(TermBegins(records), 1, 1);
  const std::string ends = DateText(TermBegins(records) + kTermYears - 1, 12, 31);
  absl::Status status =
      Row("CBHT", {code, std::monostate(), records.code, contractor, "110", begins, ends,
                   AreaM2(holding.area_hundredths_m2), holding.plots, begins,
                   AreaMu(holding.area_hundredths_m2), std::monostate(), std::monostate()});
  status.Update(Row("CBJYQZDJB",
                    {code, records.code, contractor, "110", fmt::format("{}年", kTermYears), begins,
                     ends, fmt::format("图件\\{}\\DKSYT{}.pdf", records.code, code),
                     fmt::format("样（{}）{}农村土地承包经营权证第{:06}号", options.year,
                                 options.county_name, next_certificate_++),
                     std::monostate(), std::monostate(), kSurveyor, DateText(options.year, 3, 1)}));
  const Person& head = records.households[static_cast<std::size_t>(household)].front();
  status.Update(
      Row("CBJYQZ", {code, options.county_name + "人民政府", DateText(options.year, 3, 2), "1",
                     DateText(options.year, 3, 10), head.name, "1", head.identity_number}));
  return status;
}

absl::Status RecordTables::AddPlot(const GroupRecords& records, const Plot& plot) {
  const int household = records.HouseholdOfPlot(plot.index);
  const std::string contract = records.ContractCode(household);
  // The records keep the plot's own code where the layer of plots was given a fault.
  const std::string code = records.layout->PlotCode(plot.group, plot.index);
  return Row("CBDKXX",
             {code, records.code, records.ContractorCode(household), "110",
              AreaM2(plot.stated_area_hundredths_m2), contract, std::monostate(), contract,
              std::monostate(), AreaMu(plot.stated_area_hundredths_m2), std::monostate(), "2"});
}

absl::Status RecordTables::Add(const GroupRecords& records) {
  absl::Status status = AddIssuer(records);
  for (int household = 0; household < std::ssize(records.households); ++household) {
    status.Update(AddHousehold(records, household));
    status.Update(AddTitle(records, household));
  }
  for (const Plot& plot : records.plots) status.Update(AddPlot(records, plot));
  return status;
}

absl::Status RecordTables::Close() {
  absl::Status status;
  for (const auto& [name, table] : tables_) status.Update(table->Close());
  return status;
}

}  // namespace landbook::sample_county
