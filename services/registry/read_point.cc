#include "services/registry/read_point.h"

#include <algorithm>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/common/clock.h"
#include "services/registry/journal.h"
#include "services/registry/view.h"

namespace landbook::registry {
namespace {

using common::Outcome;
using common::Reason;

// How long a waiting read goes without asking whether its caller is still there.
constexpr std::chrono::milliseconds kWaitSlice{100};

bool WaitForSequence(const Book& book, const common::CallContext& call, std::uint64_t sequence) {
  using SystemClock = std::chrono::system_clock;
  const auto start = SystemClock::now();
  const auto end = std::min(call.deadline, SystemClock::time_point(start + kReadWaitMax));
  for (auto now = start;; now = SystemClock::now()) {
    const auto left = std::max(SystemClock::duration::zero(),
                               std::min<SystemClock::duration>(end - now, kWaitSlice));
    if (book.writer().WaitFor(sequence, std::chrono::steady_clock::now() + left)) return true;
    if (now >= end || call.Ended()) return false;
  }
}

v1::Refusal InFuture(const std::string& field, const std::string& said, const Position& position) {
  return common::Refuse(
      Reason::AS_OF_IN_FUTURE, field,
      {fmt::format("{} lies ahead; the book stands at entry {}. Ask for an earlier moment, or use "
                   "min_sequence to wait.",
                   said, position.sequence),
       fmt::format("{} 尚未到达，登簿现为第 {} 条。请查询较早时点，或以 min_sequence 等待。", said,
                   position.sequence)});
}

Outcome<std::uint64_t> SequenceOfTime(const Book& book, const std::string& text,
                                      const Position& position) {
  const auto time = common::ParseTime(text);
  if (!time) {
    return common::Refuse(
        Reason::TIME_MALFORMED, "read.time",
        {fmt::format("\"{}\" is no RFC 3339 time. Write it as 2026-01-01T00:00:00Z.", text),
         fmt::format("“{}”不是 RFC 3339 时间，请写作 2026-01-01T00:00:00Z。", text)});
  }
  if (*time >= position.recorded_micros) {
    if (*time > book.clock().NowMicros()) return InFuture("read.time", text, position);
    return position.sequence;
  }
  const EngineView view(&book.engine());
  const auto sequence = SequenceAt(view, book.number(), *time, position.sequence);
  if (!sequence.ok()) return common::RefusalFromEngine(sequence.status());
  return *sequence;
}

Outcome<std::uint64_t> SequenceOf(const Book& book, const common::CallContext& call,
                                  const v1::ReadOptions& options) {
  if (options.min_sequence() > book.writer().position().sequence &&
      !WaitForSequence(book, call, options.min_sequence())) {
    return common::Refuse(
        Reason::SEQUENCE_NOT_REACHED, "read.min_sequence",
        {fmt::format("Entry {} was waited for, and the book stands at {}. Try again.",
                     options.min_sequence(), book.writer().position().sequence),
         fmt::format("等待第 {} 条未果，登簿现为第 {} 条，请稍后重试。", options.min_sequence(),
                     book.writer().position().sequence)});
  }
  const Position position = book.writer().position();
  switch (options.as_of_case()) {
    case v1::ReadOptions::kTime:
      return SequenceOfTime(book, options.time(), position);
    case v1::ReadOptions::kSequence:
      if (options.sequence() > position.sequence) {
        return InFuture("read.sequence", fmt::format("Entry {}", options.sequence()), position);
      }
      return options.sequence();
    case v1::ReadOptions::AS_OF_NOT_SET:
      return position.sequence;
  }
  return position.sequence;
}

BookReader ReaderAt(const Book& book, std::uint64_t sequence) {
  return BookReader({.engine = &book.engine(),
                     .book = book.number(),
                     .county = book.code(),
                     .epsg = book.epsg(),
                     .memory = &book.memory()},
                    sequence);
}

}  // namespace

Outcome<BookReader> OpenReader(const Book& book, const common::CallContext& call,
                               const v1::ReadOptions& options) {
  auto sequence = SequenceOf(book, call, options);
  if (!sequence.ok()) return std::move(sequence.refusals());
  BookReader reader = ReaderAt(book, *sequence);
  if (options.as_of_case() == v1::ReadOptions::AS_OF_NOT_SET) reader.ExpectNewest();
  return reader;
}

Outcome<BookReader> OpenReader(const Book& book, const common::CallContext& call,
                               const v1::ReadOptions& options, const PageWanted& page) {
  if (!page.place) return OpenReader(book, call, options);
  const Position position = book.writer().position();
  if (page.place->as_of > position.sequence) {
    return InFuture("page_token", fmt::format("Entry {}", page.place->as_of), position);
  }
  return ReaderAt(book, page.place->as_of);
}

void JudgeExpiry(const Book& book, const v1::ReadOptions& options, BookReader* reader) {
  std::int64_t micros = book.clock().NowMicros();
  if (options.as_of_case() == v1::ReadOptions::kTime) {
    micros = common::ParseTime(options.time()).value_or(micros);
  } else if (options.as_of_case() == v1::ReadOptions::kSequence) {
    micros = reader->RecordedMicros(reader->as_of()).value_or(micros);
  }
  reader->set_day(common::FormatCivilDate(book.writer().policy()->time_zone().DateAt(micros)));
}

v1::Refusal NotFound(const BookReader& reader, std::string field, const common::Sentence& what) {
  return common::Refuse(
      Reason::RECORD_NOT_FOUND, std::move(field),
      {fmt::format("The book of county {} has no {} as of entry {}. Check the number or code.",
                   reader.source().county, what.english, reader.as_of()),
       fmt::format("县（区）{} 的登簿截至第 {} 条没有{}。请核对编号或代码。",
                   reader.source().county, reader.as_of(), what.chinese)});
}

Outcome<std::uint64_t> NumberNamed(BookReader* reader, v1::RecordKind kind, std::string_view text,
                                   std::string field, const common::Sentence& what) {
  const auto number = reader->NumberOf(kind, text);
  const bool there = number && reader->tables().Get(RecordKey(kind, *number)).has_value();
  if (!reader->status().ok()) return common::RefusalFromEngine(reader->status());
  if (!there) return NotFound(*reader, std::move(field), what);
  return *number;
}

std::optional<v1::Refusal> CheckBatchSize(int count, std::string field) {
  if (count <= kBatchMax) return std::nullopt;
  return common::Refuse(
      Reason::VALUE_OUT_OF_RANGE, std::move(field),
      {fmt::format("{} records were asked for at once; at most {} are given. Ask in several calls.",
                   count, kBatchMax),
       fmt::format("一次请求 {} 条记录，最多 {} 条。请分次请求。", count, kBatchMax)});
}

}  // namespace landbook::registry
