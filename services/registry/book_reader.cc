#include "services/registry/book_reader.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <type_traits>

#include "fmt/format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/time_util.h"
#include "google/protobuf/wire_format_lite.h"
#include "services/law/ranks.h"
#include "services/registry/act_context.h"
#include "services/registry/record_codes.h"
#include "services/registry/standing.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

using google::protobuf::internal::WireFormatLite;

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool canonical = !text.empty() && text.front() != '0';
  if (!canonical || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// EntryHeader.recorded_micros alone: a header holds evidence and verdicts too, and reads want none
// of it. nullopt when the bytes are no message with that field.
std::optional<std::int64_t> RecordedMicrosOf(std::string_view header) {
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(header.data()),
                                               static_cast<int>(header.size()));
  while (const std::uint32_t tag = input.ReadTag()) {
    if (WireFormatLite::GetTagFieldNumber(tag) != v1::EntryHeader::kRecordedMicrosFieldNumber) {
      if (!WireFormatLite::SkipField(&input, tag)) return std::nullopt;
      continue;
    }
    std::uint64_t value = 0;
    if (!input.ReadVarint64(&value)) return std::nullopt;
    return WireFormatLite::ZigZagDecode64(value);
  }
  return std::nullopt;
}

std::string NameOf(std::string_view county, std::string_view collection, std::string_view code,
                   std::uint64_t number) {
  return code.empty() ? fmt::format("counties/{}/{}/{}", county, collection, number)
                      : fmt::format("counties/{}/{}/{}", county, collection, code);
}

// The collection in a record's resource name.
template <typename Record>
constexpr std::string_view kCollection = "";
template <>
constexpr std::string_view kCollection<v1::Plot> = "plots";
template <>
constexpr std::string_view kCollection<v1::Unit> = "units";
template <>
constexpr std::string_view kCollection<v1::Party> = "parties";
template <>
constexpr std::string_view kCollection<v1::Right> = "rights";
template <>
constexpr std::string_view kCollection<v1::Contract> = "contracts";
template <>
constexpr std::string_view kCollection<v1::Mortgage> = "mortgages";
template <>
constexpr std::string_view kCollection<v1::Caution> = "cautions";
template <>
constexpr std::string_view kCollection<v1::Certificate> = "certificates";
template <>
constexpr std::string_view kCollection<v1::Case> = "cases";
template <>
constexpr std::string_view kCollection<v1::Resolution> = "resolutions";
template <>
constexpr std::string_view kCollection<v1::Filing> = "filings";
template <>
constexpr std::string_view kCollection<v1::RankAgreement> = "rankAgreements";
template <>
constexpr std::string_view kCollection<v1::FundAdvance> = "fundAdvances";

// Plots and units go by their codes, all else by its number.
template <typename Record>
std::string NameOf(std::string_view county, std::uint64_t number, const Record& record) {
  static_assert(!kCollection<Record>.empty());
  if constexpr (std::is_same_v<Record, v1::Plot> || std::is_same_v<Record, v1::Unit>) {
    return NameOf(county, kCollection<Record>, record.code(), number);
  } else {
    return NameOf(county, kCollection<Record>, "", number);
  }
}

// The last eight bytes of a key as a number: the record's own in every list.
std::uint64_t LastNumber(std::string_view key) {
  return storage::ByteReader(key.substr(key.size() - sizeof(std::uint64_t))).ReadU64();
}

// A page of items as a page of the numbers that end their keys.
NumberPage NumbersOf(const TablePage& page) {
  NumberPage numbers;
  for (const TableItem& item : page.items) numbers.numbers.push_back(LastNumber(item.key));
  if (page.remaining.empty()) return numbers;
  // A remaining range begins at a key, or behind one by a zero byte.
  const std::string& begin = page.remaining.front().begin;
  const std::size_t key_size = begin.size() / sizeof(std::uint64_t) * sizeof(std::uint64_t) + 1;
  const bool behind = begin.size() > key_size;
  numbers.next = LastNumber(std::string_view(begin).substr(0, key_size)) + (behind ? 1 : 0);
  return numbers;
}

storage::KeyRange RangeFrom(TableKey prefix, std::uint64_t from) {
  storage::KeyRange range = RangeOf(prefix);
  range.begin = prefix.U64(from).bytes();
  return range;
}

}  // namespace

std::optional<std::uint64_t> BookReader::NumberOf(v1::RecordKind kind, std::string_view text) {
  if (text.size() > kKeyTextBytesMax) return std::nullopt;
  const TableKey alias = TableKey(Table::kAlias).U8(static_cast<std::uint8_t>(kind)).Text(text);
  const auto version = tables_.Get(alias);
  if (!version) return ParseNumber(text);
  storage::ByteReader reader(version->value);
  const std::uint64_t number = reader.ReadVarint();
  if (reader.FinishedOk()) return number;
  tables_.Fail(absl::DataLossError("a code's number cannot be read"));
  return std::nullopt;
}

std::vector<std::uint64_t> BookReader::NumbersOfCodes(v1::RecordKind kind,
                                                      std::string_view beginning) {
  // The bytes of a text's key begin with the text's own.
  TableKey prefix(Table::kAlias);
  prefix.U8(static_cast<std::uint8_t>(kind));
  const storage::KeyRange range =
      RangeOf(TableKey::FromBytes(prefix.bytes() + std::string(beginning)));
  std::vector<std::uint64_t> numbers;
  for (const TableItem& item : tables_.Page({&range, 1}, {}).items) {
    storage::ByteReader reader(item.value);
    numbers.push_back(reader.ReadVarint());
    if (!reader.FinishedOk()) tables_.Fail(absl::DataLossError("a code's number cannot be read"));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::vector<std::string> BookReader::HeaderKeysFor(std::vector<std::uint64_t>* sequences) {
  std::sort(sequences->begin(), sequences->end());
  std::erase(*sequences, 0);
  sequences->erase(std::unique(sequences->begin(), sequences->end()), sequences->end());
  for (const std::uint64_t sequence : *sequences) {
    const auto known =
        source_.memory ? source_.memory->recorded_times().Find(sequence) : std::nullopt;
    if (known) recorded_micros_[sequence] = *known;
  }
  std::erase_if(*sequences,
                [this](std::uint64_t sequence) { return recorded_micros_.contains(sequence); });
  std::vector<std::string> keys;
  for (const std::uint64_t sequence : *sequences) {
    keys.push_back(JournalKey(source_.book, sequence, 0));
  }
  return keys;
}

void BookReader::TakeHeaders(std::span<const std::uint64_t> sequences,
                             std::span<const std::optional<std::string>> headers) {
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const auto micros = headers[i] ? RecordedMicrosOf(*headers[i]) : std::nullopt;
    if (micros) {
      recorded_micros_[sequences[i]] = *micros;
      if (source_.memory) source_.memory->recorded_times().Keep(sequences[i], *micros);
    } else {
      tables_.Fail(
          absl::DataLossError(fmt::format("the header of entry {} cannot be read", sequences[i])));
    }
  }
}

void BookReader::LearnRecordedTimes(std::vector<std::uint64_t> sequences) {
  const auto keys = HeaderKeysFor(&sequences);
  TakeHeaders(sequences, tables_.ReadKeys(keys));
}

std::optional<std::int64_t> BookReader::RecordedMicros(std::uint64_t sequence) {
  if (sequence == 0) return std::nullopt;
  LearnRecordedTimes({sequence});
  const auto recorded = recorded_micros_.find(sequence);
  if (recorded == recorded_micros_.end()) return std::nullopt;
  return recorded->second;
}

template <typename Record>
std::optional<Record> BookReader::Parse(std::uint64_t number, const Version& version) {
  Record record;
  if (record.ParseFromString(version.value)) return record;
  tables_.Fail(absl::DataLossError(
      fmt::format("record {} cannot be read as {}", number, Record::descriptor()->full_name())));
  return std::nullopt;
}

template <typename Record>
void BookReader::Dress(std::uint64_t number, std::uint64_t from, Record* record) const {
  // Applications, calendar days and appointments have no name of their own.
  if constexpr (!kCollection<Record>.empty()) DressNamed(number, from, record);
}

template <typename Record>
void BookReader::DressNamed(std::uint64_t number, std::uint64_t from, Record* record) const {
  record->set_name(NameOf(source_.county, number, *record));
  record->set_number(number);
  record->set_etag(std::to_string(from));
  const auto recorded = recorded_micros_.find(from);
  if (recorded == recorded_micros_.end()) return;  // the reader has failed
  *record->mutable_recorded_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(recorded->second);
}

template <typename Record>
std::vector<std::optional<Record>> BookReader::FindAll(std::span<const std::uint64_t> numbers) {
  std::vector<TableKey> keys;
  for (const std::uint64_t number : numbers) keys.push_back(RecordKey(kKindOf<Record>, number));
  const auto versions = tables_.Get(keys);
  std::vector<std::uint64_t> sequences;
  for (const auto& version : versions) {
    if (version) sequences.push_back(version->from);
  }
  LearnRecordedTimes(std::move(sequences));
  std::vector<std::optional<Record>> records(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (versions[i]) records[i] = Parse<Record>(numbers[i], *versions[i]);
    if (records[i]) Dress(numbers[i], versions[i]->from, &*records[i]);
  }
  Complete(&records);
  return records;
}

template <typename Record>
std::vector<Record> BookReader::History(std::uint64_t number) {
  const auto versions = tables_.History(RecordKey(kKindOf<Record>, number));
  std::vector<std::uint64_t> sequences;
  for (const Version& version : versions) sequences.push_back(version.from);
  LearnRecordedTimes(std::move(sequences));
  std::vector<Record> records;
  for (const Version& version : versions) {
    auto record = Parse<Record>(number, version);
    if (!record) return {};
    Dress(number, version.from, &*record);
    records.push_back(*std::move(record));
  }
  return records;
}

NumberPage BookReader::Numbers(v1::RecordKind kind, const NumberRange& range) {
  const auto keys = RangeFrom(TableKey(static_cast<Table>(kind)), range.from);
  return NumbersOf(tables_.Page({&keys, 1}, {.max_items = range.max}));
}

NumberPage BookReader::Linked(Table table, std::uint64_t of, const NumberRange& range) {
  const auto keys = RangeFrom(TableKey(table).U64(of), range.from);
  return NumbersOf(tables_.Page({&keys, 1}, {.max_items = range.max}));
}

std::vector<std::uint64_t> BookReader::LinkedOfAll(Table table, std::vector<std::uint64_t> of) {
  std::sort(of.begin(), of.end());
  of.erase(std::unique(of.begin(), of.end()), of.end());
  std::vector<TableKey> prefixes;
  for (const std::uint64_t number : of) prefixes.push_back(TableKey(table).U64(number));
  return NumbersUnder(prefixes);
}

std::vector<std::uint64_t> BookReader::NumbersUnder(std::span<const TableKey> prefixes) {
  std::vector<storage::KeyRange> ranges;
  for (const TableKey& prefix : prefixes) ranges.push_back(RangeOf(prefix));
  auto numbers = NumbersOf(tables_.Page(ranges, {})).numbers;
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::vector<std::uint64_t> BookReader::NumbersInOrder(const TableKey& prefix) {
  const storage::KeyRange range = RangeOf(prefix);
  return NumbersOf(tables_.Page({&range, 1}, {})).numbers;
}

template <typename Record>
std::vector<law::Numbered<Record>> BookReader::StandingLinked(Table table,
                                                              std::vector<std::uint64_t> of) {
  const auto numbers = LinkedOfAll(table, std::move(of));
  std::vector<TableKey> keys;
  for (const std::uint64_t number : numbers) keys.push_back(RecordKey(kKindOf<Record>, number));
  const auto versions = tables_.Get(keys);
  std::vector<law::Numbered<Record>> standing;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!versions[i]) continue;
    auto record = Parse<Record>(numbers[i], *versions[i]);
    if (record && Stands(*record)) standing.push_back({numbers[i], *std::move(record)});
  }
  return standing;
}

// The mortgages over each right in the order of their rank, as law ranks them
// (services/law/ranks.h): by registration, and then by the registered agreements.
std::map<std::uint64_t, std::vector<std::uint64_t>> BookReader::RankedMortgages(
    const std::vector<std::uint64_t>& rights) {
  auto mortgages = StandingLinked<v1::Mortgage>(Table::kMortgagesOfRight, rights);
  std::sort(mortgages.begin(), mortgages.end(), &law::IsRegisteredBefore);
  std::map<std::uint64_t, std::vector<std::uint64_t>> ranked;
  for (const auto& mortgage : mortgages) {
    for (const std::uint64_t right : mortgage.record.rights()) {
      ranked[right].push_back(mortgage.number);
    }
  }
  for (const auto& agreement :
       StandingLinked<v1::RankAgreement>(Table::kRankAgreementsOf, rights)) {
    const auto& agreed = agreement.record.mortgages();
    law::Reorder({agreed.begin(), agreed.end()}, &ranked[agreement.record.right()]);
  }
  return ranked;
}

void BookReader::Complete(std::vector<std::optional<v1::Mortgage>>* mortgages) {
  std::vector<std::uint64_t> rights;
  for (const auto& mortgage : *mortgages) {
    if (mortgage) rights.insert(rights.end(), mortgage->rights().begin(), mortgage->rights().end());
  }
  auto ranked = RankedMortgages(rights);
  for (auto& mortgage : *mortgages) {
    if (!mortgage) continue;
    mortgage->clear_ranks();
    for (const std::uint64_t right : mortgage->rights()) {
      const auto& order = ranked[right];
      const auto place = std::find(order.begin(), order.end(), mortgage->number());
      const bool ranks = place != order.end();
      mortgage->add_ranks(ranks ? static_cast<std::uint32_t>(place - order.begin()) + 1 : 0);
    }
  }
}

// Seizures queue in the order in which they were entered, which is that of their numbers.
void BookReader::Complete(std::vector<std::optional<v1::Caution>>* cautions) {
  std::vector<std::uint64_t> units;
  for (const auto& caution : *cautions) {
    if (caution && caution->cause() == v1::CAUTION_CAUSE_SEIZURE) units.push_back(caution->unit());
  }
  if (units.empty()) return;
  const auto numbers = LinkedOfAll(Table::kCautionsOfUnit, std::move(units));
  std::vector<TableKey> keys;
  for (const std::uint64_t number : numbers) {
    keys.push_back(RecordKey(v1::RECORD_KIND_CAUTION, number));
  }
  const auto versions = tables_.Get(keys);
  std::map<std::uint64_t, std::uint32_t> queue_length;  // by unit
  std::map<std::uint64_t, std::uint32_t> places;        // by caution
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!versions[i]) continue;
    const auto record = Parse<v1::Caution>(numbers[i], *versions[i]);
    if (!record || !Stands(*record) || record->cause() != v1::CAUTION_CAUSE_SEIZURE) continue;
    const bool expired =
        !day_.empty() && !record->expiry_date().empty() && record->expiry_date() < day_;
    if (!expired) places[numbers[i]] = ++queue_length[record->unit()];
  }
  for (auto& caution : *cautions) {
    if (!caution) continue;
    const auto place = places.find(caution->number());
    if (place != places.end()) caution->set_queue_position(place->second);
  }
}

#define LANDBOOK_READS(Record)                                         \
  template std::vector<std::optional<v1::Record>> BookReader::FindAll( \
      std::span<const std::uint64_t> numbers);                         \
  template std::vector<v1::Record> BookReader::History(std::uint64_t number)
LANDBOOK_READS(Party);
LANDBOOK_READS(Plot);
LANDBOOK_READS(Unit);
LANDBOOK_READS(Right);
LANDBOOK_READS(Contract);
LANDBOOK_READS(Mortgage);
LANDBOOK_READS(Caution);
LANDBOOK_READS(Certificate);
LANDBOOK_READS(Appointment);
LANDBOOK_READS(AdoptedPack);
LANDBOOK_READS(BookRecord);
LANDBOOK_READS(Case);
LANDBOOK_READS(Application);
LANDBOOK_READS(Resolution);
LANDBOOK_READS(Filing);
LANDBOOK_READS(RankAgreement);
LANDBOOK_READS(FundAdvance);
LANDBOOK_READS(CalendarDay);
#undef LANDBOOK_READS

template std::optional<v1::Plot> BookReader::Parse(std::uint64_t number, const Version& version);
template std::optional<v1::Unit> BookReader::Parse(std::uint64_t number, const Version& version);
template void BookReader::Dress(std::uint64_t number, std::uint64_t from, v1::Plot* record) const;

}  // namespace landbook::registry
