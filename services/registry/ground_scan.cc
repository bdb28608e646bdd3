#include "services/registry/ground_scan.h"

#include <utility>

#include "services/registry/book_reader.h"

namespace landbook::registry {
namespace {

// What is read of the engine at once.
constexpr std::size_t kPageBytesMax = 256u << 10;
// A cell of more lines is not kept, but read by pages each time.
constexpr std::size_t kCellBytesMax = 512u << 10;

}  // namespace

GroundScan::GroundScan(BookReader* reader, const geo::Box& window, std::optional<std::uint8_t> tier)
    : reader_(reader), memory_(reader->NewestMemory()), window_(window) {
  for (const TierClass& tier_class : reader->GroundClasses(tier)) AddClass(tier_class);
}

void GroundScan::AddClass(const TierClass& tier_class) {
  const auto& [tier, size_class] = tier_class;
  const auto cells = memory_ != nullptr ? CellsMeeting({tier, window_}, size_class) : std::nullopt;
  if (!cells)
    return AddRanges(WindowRanges(TableKey(Table::kWindow).bytes(), {tier, window_}, size_class));
  for (const GroundCellName& cell : *cells) {
    auto lines = LinesOf(cell);
    if (!lines) return;
    if (lines->is_too_large()) {
      AddRanges({LinesOfCell(cell)});
    } else if (lines->size() > 0) {
      parts_.push_back({std::move(lines), {}});
    }
  }
}

// Ranges that follow each other are read together.
void GroundScan::AddRanges(std::vector<storage::KeyRange> ranges) {
  if (parts_.empty() || parts_.back().lines) parts_.emplace_back();
  auto& known = parts_.back().ranges;
  known.insert(known.end(), std::make_move_iterator(ranges.begin()),
               std::make_move_iterator(ranges.end()));
}

std::shared_ptr<const GroundLines> GroundScan::LinesOf(const GroundCellName& cell) {
  if (auto kept = memory_->FindCell(cell, reader_->as_of())) return kept;
  const storage::KeyRange range = LinesOfCell(cell);
  auto lines = std::make_shared<GroundLines>();
  const auto page = reader_->NewestPage({&range, 1}, {.max_bytes = kCellBytesMax},
                                        [](std::string_view, std::string_view) { return true; });
  for (const TableItem& item : page.items) {
    const auto value = reader_->DecodeLine(item.key, item.value);
    if (value) lines->Add(TailOfWindowKey(item.key), *value);
  }
  if (!reader_->status().ok()) return nullptr;
  if (!page.remaining.empty()) *lines = GroundLines::TooLarge();
  lines->Finish();
  memory_->KeepCell(cell, reader_->as_of(), lines);
  return lines;
}

const GroundLine* GroundScan::Next() {
  do {
    while (lines_ && at_ < lines_->size()) {
      const std::size_t i = at_++;
      if (!lines_->reach(i).Intersects(window_)) continue;
      line_ = lines_->line(i);
      if (!line_.is_stretch || stretched_.insert(line_.plot).second) return &line_;
    }
  } while (Advance());
  return nullptr;
}

bool GroundScan::Advance() {
  lines_ = nullptr;
  at_ = 0;
  if (parts_.empty() || !reader_->status().ok()) return false;
  Part& part = parts_.front();
  lines_ = part.lines ? std::move(part.lines) : ReadPage(&part.ranges);
  if (part.ranges.empty()) parts_.pop_front();
  return true;
}

std::shared_ptr<const GroundLines> GroundScan::ReadPage(std::vector<storage::KeyRange>* ranges) {
  TablePage page = reader_->NewestPage(*ranges, {.max_bytes = kPageBytesMax},
                                       [this](std::string_view key, std::string_view value) {
                                         const auto line = reader_->DecodeLine(key, value);
                                         return line && line->reach.Intersects(window_);
                                       });
  *ranges = std::move(page.remaining);
  auto lines = std::make_shared<GroundLines>();
  for (const TableItem& item : page.items) {
    lines->Add(TailOfWindowKey(item.key), *reader_->DecodeLine(item.key, item.value));
  }
  return lines;
}

}  // namespace landbook::registry
