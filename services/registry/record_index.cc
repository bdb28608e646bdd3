#include "services/registry/record_index.h"

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/compact.h"
#include "geo/hilbert.h"
#include "geo/stretch.h"
#include "landbook/v1/act.pb.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/case.pb.h"
#include "landbook/v1/control.pb.h"
#include "landbook/v1/party.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/resolution.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/keys.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::size_t kSerialDigits = 5;
constexpr std::size_t kCaseSerialDigits = 6;

std::string Number(std::uint64_t number) {
  std::string bytes;
  storage::AppendVarint(bytes, number);
  return bytes;
}

void Add(const TableKey& key, std::string value, Derived* derived) {
  derived->entries.emplace_back(key.bytes(), std::move(value));
}

// Brings the entries into their order. Some records lead to a key twice, always with one value.
void Order(Derived* derived) {
  auto& entries = derived->entries;
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
}

void AddAlias(v1::RecordKind kind, std::string_view code, std::uint64_t number, Derived* derived) {
  if (code.empty()) return;
  Add(TableKey(Table::kAlias).U8(static_cast<std::uint8_t>(kind)).Text(code), Number(number),
      derived);
}

void AddLink(Table table, std::uint64_t from, std::uint64_t to, Derived* derived) {
  if (from != 0) Add(TableKey(table).U64(from).U64(to), "", derived);
}

std::optional<std::uint64_t> ParseDigits(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The serial in the last `digits` characters of a code, of the family before them.
void AddSerial(std::string_view prefix, std::string_view code, std::size_t digits,
               Derived* derived) {
  if (code.size() < digits) return;
  const auto serial = ParseDigits(code.substr(code.size() - digits));
  if (!serial) return;
  derived->serials.push_back(
      {std::string(prefix) + std::string(code.substr(0, code.size() - digits)), *serial});
}

void Derive(std::uint64_t number, const v1::Party& party, Derived* derived) {
  derived->live = LiveCount{.word = ""};
  if (party.has_household()) {
    AddAlias(v1::RECORD_KIND_PARTY, party.household().contractor_code(), number, derived);
    for (const auto& member : party.household().members()) {
      AddLink(Table::kHouseholdsOfPerson, member.person(), number, derived);
    }
  }
  if (party.has_collective()) {
    AddAlias(v1::RECORD_KIND_PARTY, party.collective().issuer_code(), number, derived);
  }
  if (party.has_person()) {
    AddAlias(v1::RECORD_KIND_PARTY, party.person().contractor_code(), number, derived);
  }
  if (party.has_organisation()) {
    AddAlias(v1::RECORD_KIND_PARTY, party.organisation().contractor_code(), number, derived);
  }
}

void Derive(std::uint64_t number, const v1::Plot& plot, Derived* derived) {
  AddAlias(v1::RECORD_KIND_PLOT, plot.code(), number, derived);
  for (const auto& former : plot.former_codes()) {
    AddAlias(v1::RECORD_KIND_PLOT, former.code(), number, derived);
  }
  if (auto serial = SerialOfPlotCode(plot.code())) derived->serials.push_back(*std::move(serial));
  if (plot.state() == v1::RECORD_STATE_LIVE) {
    derived->live =
        LiveCount{plot.kind(), geo::ParseHundredths(plot.recorded_area_m2()).value_or(0)};
  }
}

void Derive(std::uint64_t number, const v1::Unit& unit, Derived* derived) {
  AddAlias(v1::RECORD_KIND_UNIT, unit.code(), number, derived);
  for (const auto& former : unit.former_codes()) {
    AddAlias(v1::RECORD_KIND_UNIT, former.code(), number, derived);
  }
  AddLink(Table::kUnitsOfPlot, unit.plot(), number, derived);
  // 28 characters: 19 of the plot, the fixture's letter, 4 of building, 4 of unit. The first 19 are
  // a serial too where the plot's own code is of the contracted layout.
  if (unit.code().size() == 28) {
    AddSerial("unit ", unit.code().substr(0, 19), kSerialDigits, derived);
    AddSerial("building ", unit.code().substr(0, 24), 4, derived);
  }
  if (unit.state() == v1::RECORD_STATE_LIVE) derived->live = LiveCount{.word = ""};
}

void Derive(std::uint64_t number, const v1::Right& right, Derived* derived) {
  AddLink(Table::kRightsOfUnit, right.unit(), number, derived);
  AddLink(Table::kRightsOfParent, right.parent(), number, derived);
  for (const auto& holder : right.holders()) {
    AddLink(Table::kRightsOfHolder, holder.party(), number, derived);
  }
  if (right.state() == v1::RECORD_STATE_LIVE) derived->live = LiveCount{right.type(), 0};
}

void Derive(std::uint64_t number, const v1::Contract& contract, Derived* derived) {
  AddAlias(v1::RECORD_KIND_CONTRACT, contract.code(), number, derived);
}

void Derive(std::uint64_t number, const v1::Mortgage& mortgage, Derived* derived) {
  for (const std::uint64_t right : mortgage.rights()) {
    AddLink(Table::kMortgagesOfRight, right, number, derived);
  }
  AddLink(Table::kMortgagesOfHolder, mortgage.mortgagee(), number, derived);
  if (mortgage.state() == v1::RECORD_STATE_LIVE) derived->live = LiveCount{.word = ""};
}

// Whether time alone can end a caution that stands: an objection or an advance notice whose step
// was not shown (Civil Code 220, 221), or any that has a last day.
bool CanLapse(const v1::Caution& caution) {
  const bool by_step = caution.cause() == v1::CAUTION_CAUSE_OBJECTION ||
                       caution.cause() == v1::CAUTION_CAUSE_ADVANCE_NOTICE;
  return !caution.expiry_date().empty() || (by_step && caution.step_date().empty());
}

void Derive(std::uint64_t number, const v1::Caution& caution, Derived* derived) {
  AddLink(Table::kCautionsOfUnit, caution.unit(), number, derived);
  if (caution.state() != v1::RECORD_STATE_LIVE) return;
  derived->live = LiveCount{.word = ""};
  if (!CanLapse(caution)) return;
  Add(TableKey(Table::kLapsingCautions).U8(static_cast<std::uint8_t>(caution.cause())).U64(number),
      "", derived);
}

void Derive(std::uint64_t number, const v1::Certificate& certificate, Derived* derived) {
  AddAlias(v1::RECORD_KIND_CERTIFICATE, certificate.certificate_number(), number, derived);
  const auto of = [&](v1::RecordKind kind, std::uint64_t subject) {
    Add(TableKey(Table::kCertificatesOf)
            .U8(static_cast<std::uint8_t>(kind))
            .U64(subject)
            .U64(number),
        "", derived);
  };
  if (certificate.has_mortgage()) {
    of(v1::RECORD_KIND_MORTGAGE, certificate.mortgage().number());
  } else {
    of(v1::RECORD_KIND_RIGHT, certificate.right().number());
    for (const auto& further : certificate.further_rights()) {
      of(v1::RECORD_KIND_RIGHT, further.right().number());
    }
  }
  // The serial stands before 号 (three bytes of UTF-8), seven digits.
  constexpr std::size_t kSuffix = 3;
  const std::string& text = certificate.certificate_number();
  if (text.size() > kSuffix)
    AddSerial("certificate ", text.substr(0, text.size() - kSuffix), 7, derived);
  if (certificate.state() == v1::RECORD_STATE_LIVE) derived->live = LiveCount{.word = ""};
}

void Derive(std::uint64_t number, const v1::Appointment& appointment, Derived* derived) {
  Add(TableKey(Table::kAppointmentsOf).Text(appointment.principal()).U64(number), "", derived);
}

// Rules find a layer by its name and effective date once it is whole.
void Derive(std::uint64_t number, const v1::ControlLayer& layer, Derived* derived) {
  if (layer.state() != v1::CONTROL_LAYER_STATE_WHOLE) return;
  Add(TableKey(Table::kWholeLayers).Text(layer.layer()).Text(layer.effective_date()).U64(number),
      "", derived);
}

// Every part of a shape has a line of its own, for a red line of a thousand parts is near few plots
// in few of them.
void Derive(std::uint64_t number, const v1::ControlShape& shape, Derived* derived) {
  AddLink(Table::kShapesOfLayer, shape.layer(), number, derived);
  if (!shape.code().empty()) {
    Add(TableKey(Table::kShapesOfCode).U64(shape.layer()).Text(shape.code()).U64(number), "",
        derived);
  }
  const auto boundary = geo::DecodeCompact(shape.compact());
  if (!boundary.ok()) return;  // the act was given sound bytes; a fold of others keeps the record
  for (std::size_t part = 0; part < boundary->part_count(); ++part) {
    geo::Box box;
    for (const geo::Vertex& v : boundary->Ring(boundary->PartBegin(part))) box.Add(v);
    const Place place = PlaceOf(/*tier=*/0, box);
    Add(TableKey(Table::kControlWindow)
            .U64(shape.layer())
            .U8(place.tier)
            .U8(place.size_class)
            .U64(place.position)
            .U64(number)
            .U32(static_cast<std::uint32_t>(part)),
        EncodeWindowValue(box, ""), derived);
  }
}

// A case is open until it is registered or has ended otherwise.
bool IsOpen(v1::CaseState state) {
  return state == v1::CASE_STATE_ACCEPTED || state == v1::CASE_STATE_IN_NOTICE ||
         state == v1::CASE_STATE_REVIEWED;
}

void Derive(std::uint64_t number, const v1::Case& file, Derived* derived) {
  AddAlias(v1::RECORD_KIND_CASE, file.code(), number, derived);
  AddSerial("case ", file.code(), kCaseSerialDigits, derived);
  for (const std::uint64_t unit : file.units()) {
    AddLink(Table::kCasesOfUnit, unit, number, derived);
  }
  for (const auto& applicant : file.applicants()) {
    AddLink(Table::kCasesOfParty, applicant.party(), number, derived);
    AddLink(Table::kCasesOfParty, applicant.agent(), number, derived);
  }
  if (!IsOpen(file.state())) return;
  derived->live = LiveCount{.word = ""};
  Add(TableKey(Table::kStandingCases).U8(static_cast<std::uint8_t>(file.state())).U64(number), "",
      derived);
}

void Derive(std::uint64_t number, const v1::Resolution& resolution, Derived* derived) {
  AddLink(Table::kResolutionsOf, resolution.collective(), number, derived);
  if (resolution.state() == v1::RECORD_STATE_LIVE) derived->live = LiveCount{.word = ""};
}

void Derive(std::uint64_t number, const v1::Filing& filing, Derived* derived) {
  for (const std::uint64_t right : filing.rights()) {
    AddLink(Table::kFilingsOfRight, right, number, derived);
  }
  AddLink(Table::kFilingsWith, filing.with(), number, derived);
  derived->live = LiveCount{.word = ""};
}

void Derive(std::uint64_t number, const v1::RankAgreement& agreement, Derived* derived) {
  AddLink(Table::kRankAgreementsOf, agreement.right(), number, derived);
  if (agreement.state() == v1::RECORD_STATE_LIVE) derived->live = LiveCount{.word = ""};
}

void Derive(std::uint64_t number, const v1::FundAdvance& advance, Derived* derived) {
  AddLink(Table::kAdvancesOfRight, advance.right(), number, derived);
  AddLink(Table::kAdvancesOfFund, advance.fund(), number, derived);
  // Live is what is not paid back in full.
  if (advance.repaid_fen() < advance.advanced_fen()) derived->live = LiveCount{.word = ""};
}

void Derive(std::uint64_t, const v1::BookRecord&, Derived*) {}
void Derive(std::uint64_t, const v1::Application&, Derived*) {}
void Derive(std::uint64_t, const v1::CalendarDay&, Derived*) {}
void Derive(std::uint64_t, const v1::AdoptedPack&, Derived*) {}

// A kind of record and its message.
template <v1::RecordKind kKindOfRecord, typename RecordOfKind>
struct Kept {
  static constexpr v1::RecordKind kKind = kKindOfRecord;
  using Record = RecordOfKind;
};

// Calls use(std::type_identity<Record>()) for the first of `Kinds` that is `kind`; false for none.
template <typename... Kinds, typename Use>
bool WithFirstOf(v1::RecordKind kind, Use use) {
  const auto take = [&]<typename Record>(std::type_identity<Record> type) {
    use(type);
    return true;
  };
  return ((kind == Kinds::kKind && take(std::type_identity<typename Kinds::Record>())) || ...);
}

// Calls use(std::type_identity<Record>()) for the kind's type of record; false when it has none.
template <typename Use>
bool WithRecordOf(v1::RecordKind kind, Use use) {
  return WithFirstOf<
      Kept<v1::RECORD_KIND_BOOK, v1::BookRecord>, Kept<v1::RECORD_KIND_PARTY, v1::Party>,
      Kept<v1::RECORD_KIND_PLOT, v1::Plot>, Kept<v1::RECORD_KIND_UNIT, v1::Unit>,
      Kept<v1::RECORD_KIND_RIGHT, v1::Right>, Kept<v1::RECORD_KIND_CONTRACT, v1::Contract>,
      Kept<v1::RECORD_KIND_MORTGAGE, v1::Mortgage>, Kept<v1::RECORD_KIND_CAUTION, v1::Caution>,
      Kept<v1::RECORD_KIND_CERTIFICATE, v1::Certificate>,
      Kept<v1::RECORD_KIND_APPOINTMENT, v1::Appointment>,
      Kept<v1::RECORD_KIND_PACK, v1::AdoptedPack>,
      Kept<v1::RECORD_KIND_CONTROL_LAYER, v1::ControlLayer>,
      Kept<v1::RECORD_KIND_CONTROL_SHAPE, v1::ControlShape>, Kept<v1::RECORD_KIND_CASE, v1::Case>,
      Kept<v1::RECORD_KIND_APPLICATION, v1::Application>,
      Kept<v1::RECORD_KIND_RESOLUTION, v1::Resolution>, Kept<v1::RECORD_KIND_FILING, v1::Filing>,
      Kept<v1::RECORD_KIND_RANK_AGREEMENT, v1::RankAgreement>,
      Kept<v1::RECORD_KIND_FUND_ADVANCE, v1::FundAdvance>,
      Kept<v1::RECORD_KIND_CALENDAR_DAY, v1::CalendarDay>>(kind, use);
}

}  // namespace

std::optional<UsedSerial> SerialOfPlotCode(std::string_view code) {
  if (code.size() <= kSerialDigits) return std::nullopt;
  const auto serial = ParseDigits(code.substr(code.size() - kSerialDigits));
  if (!serial) return std::nullopt;
  return UsedSerial{"plot " + std::string(code.substr(0, code.size() - kSerialDigits)), *serial};
}

Place PlaceOf(std::uint8_t tier, const geo::Box& box) {
  return {tier, static_cast<std::uint8_t>(geo::SizeClass(box)), geo::AnchorPosition(box)};
}

std::string EncodePlace(const Place& place) {
  std::string bytes;
  storage::AppendU8(bytes, place.tier);
  storage::AppendU8(bytes, place.size_class);
  storage::AppendU64(bytes, place.position);
  return bytes;
}

absl::StatusOr<Place> DecodePlace(std::string_view bytes) {
  storage::ByteReader reader(bytes);
  Place place;
  place.tier = reader.ReadU8();
  place.size_class = reader.ReadU8();
  place.position = reader.ReadU64();
  if (!reader.FinishedOk()) return absl::DataLossError("a plot's place has the wrong length");
  return place;
}

namespace {

std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

void AppendBox(std::string& bytes, const geo::Box& box) {
  LANDBOOK_CHECK(box.min_x <= box.max_x && box.min_y <= box.max_y);
  storage::AppendVarint(bytes, ZigZag(box.min_x));
  storage::AppendVarint(bytes, ZigZag(box.min_y));
  storage::AppendVarint(bytes, static_cast<std::uint64_t>(box.max_x - box.min_x));
  storage::AppendVarint(bytes, static_cast<std::uint64_t>(box.max_y - box.min_y));
}

bool IsBox(const geo::Box& box) { return box.min_x <= box.max_x && box.min_y <= box.max_y; }

geo::Box ReadBox(storage::ByteReader* reader) {
  geo::Box box;
  box.min_x = UnZigZag(reader->ReadVarint());
  box.min_y = UnZigZag(reader->ReadVarint());
  // Unsigned, since damaged bytes may tell any width.
  box.max_x =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(box.min_x) + reader->ReadVarint());
  box.max_y =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(box.min_y) + reader->ReadVarint());
  return box;
}

}  // namespace

std::vector<WindowEntry> WindowEntriesOf(std::uint8_t tier, const geo::Boundary& boundary) {
  LANDBOOK_CHECK(!boundary.empty());
  std::vector<WindowEntry> entries;
  for (const geo::Box& stretch : geo::StretchesOf(boundary)) {
    entries.push_back({{tier, kStretchClass, geo::AnchorPosition(stretch)}, stretch});
  }
  if (entries.empty()) {
    const geo::Box box = boundary.Bounds();
    entries.push_back({PlaceOf(tier, box), box});
  }
  return entries;
}

std::vector<WindowEntry> WindowEntriesOf(const PlacedBoundary& boundary) {
  const Place place = PlaceOf(boundary.tier, boundary.box);
  if (place.size_class <= geo::kStretchSizeClass) return {{place, boundary.box}};
  const auto decoded = geo::DecodeCompact(boundary.compact);
  LANDBOOK_CHECK(decoded.ok());
  return WindowEntriesOf(boundary.tier, *decoded);
}

std::string EncodeWindowValue(const geo::Box& box, std::string_view compact) {
  std::string bytes;
  AppendBox(bytes, box);
  bytes.append(compact);
  return bytes;
}

std::string EncodeStretchValue(const geo::Box& stretch, const geo::Box& box,
                               std::string_view compact) {
  std::string bytes;
  AppendBox(bytes, stretch);
  AppendBox(bytes, box);
  bytes.append(compact);
  return bytes;
}

absl::StatusOr<WindowValue> DecodeWindowValue(std::uint8_t size_class, std::string_view bytes) {
  storage::ByteReader reader(bytes);
  WindowValue value;
  if (size_class == kStretchClass) value.reach = ReadBox(&reader);
  value.packed = reader.Rest();
  storage::ByteReader packed(value.packed);
  value.box = ReadBox(&packed);
  if (size_class != kStretchClass) value.reach = value.box;
  value.compact = packed.Rest();
  if (!reader.Ok() || !packed.Ok() || !IsBox(value.box) || !IsBox(value.reach)) {
    return absl::DataLossError("a line of the window index cannot be read");
  }
  return value;
}

const std::string* Derived::Find(std::string_view key) const {
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), key,
                       [](const auto& entry, std::string_view k) { return entry.first < k; });
  return found != entries.end() && found->first == key ? &found->second : nullptr;
}

absl::StatusOr<Derived> DeriveFrom(v1::RecordKind kind, std::uint64_t number,
                                   std::string_view record) {
  absl::StatusOr<Derived> derived = Derived();
  const bool known = WithRecordOf(kind, [&]<typename Record>(std::type_identity<Record>) {
    Record parsed;
    if (parsed.ParseFromArray(record.data(), static_cast<int>(record.size()))) {
      Derive(number, parsed, &*derived);
      return Order(&*derived);
    }
    derived = absl::DataLossError(fmt::format("record {} of the journal cannot be read as {}",
                                              number, parsed.GetDescriptor()->full_name()));
  });
  if (known) return derived;
  return absl::DataLossError(
      fmt::format("the journal has an effect of the unknown kind {}", static_cast<int>(kind)));
}

Derived DeriveFrom(v1::RecordKind kind, std::uint64_t number,
                   const google::protobuf::Message& record) {
  Derived derived;
  const bool known = WithRecordOf(kind, [&]<typename Record>(std::type_identity<Record>) {
    LANDBOOK_CHECK(record.GetDescriptor() == Record::descriptor());
    Derive(number, static_cast<const Record&>(record), &derived);
  });
  Order(&derived);
  LANDBOOK_CHECK(known);
  return derived;
}

}  // namespace landbook::registry
