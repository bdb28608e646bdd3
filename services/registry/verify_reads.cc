#include "services/registry/verify_reads.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "fmt/format.h"
#include "services/registry/control_layers.h"
#include "services/registry/verify_book.h"

namespace landbook::registry {
namespace {

using common::Outcome;
using common::PageStep;

// How often progress is told.
constexpr std::chrono::milliseconds kProgressEvery{500};
// Findings go out in pages of so many, so that a county's worth passes a client's limits.
constexpr std::size_t kFindingsPerPage = 1'000;

VerifyInputs InputsFor(const Book& book, bool recheck, std::string temporary_directory) {
  VerifyInputs inputs;
  inputs.engine = &book.engine();
  inputs.book = book.number();
  inputs.suite = &book.suite();
  inputs.keys = &book.keys();
  inputs.outside_head_path = book.outside_head_path();
  inputs.temporary_directory = std::move(temporary_directory);
  if (recheck) inputs.policy = book.writer().policy();
  inputs.plane_extent = book.plane_extent();
  inputs.day = TodayOf(book);
  return inputs;
}

class VerifySource {
 public:
  VerifySource(std::shared_ptr<const Book> book, bool recheck, std::string temporary_directory)
      : book_(std::move(book)),
        verifier_(InputsFor(*book_, recheck, std::move(temporary_directory))) {}
  VerifySource(const VerifySource&) = delete;
  VerifySource& operator=(const VerifySource&) = delete;

  // Works for a while, then tells how far it is; the last pages tell what was found.
  Outcome<PageStep> Next(v1::VerifyBookResponse& page) {
    if (told_) return PageStep::kEnd;
    const auto end = std::chrono::steady_clock::now() + kProgressEvery;
    while (working_ && std::chrono::steady_clock::now() < end) working_ = verifier_.Step();
    if (!verifier_.status().ok()) return common::RefusalFromEngine(verifier_.status());
    AddCounts(&page);
    if (!working_) Tell(&page);
    return PageStep::kPage;
  }

 private:
  void AddCounts(v1::VerifyBookResponse* page) const {
    const VerifyReport& report = verifier_.report();
    page->set_entries(static_cast<std::uint32_t>(report.entries));
    page->set_leaves(static_cast<std::uint32_t>(report.leaves));
    page->set_heads(static_cast<std::uint32_t>(report.heads));
    page->set_keys(static_cast<std::uint32_t>(report.keys));
  }

  void Tell(v1::VerifyBookResponse* page) {
    const VerifyReport& report = verifier_.report();
    const std::size_t left = report.findings.size() - findings_told_;
    const std::size_t count = std::min(left, kFindingsPerPage);
    for (std::size_t i = 0; i < count; ++i) {
      *page->add_findings() = report.findings[findings_told_ + i];
    }
    findings_told_ += count;
    if (count < left) return;
    page->mutable_faults()->Add(report.faults.begin(), report.faults.end());
    if (report.fault_count > report.faults.size()) {
      page->add_faults(fmt::format("{} more faults", report.fault_count - report.faults.size()));
    }
    page->set_done(true);
    told_ = true;
  }

  const std::shared_ptr<const Book> book_;
  BookVerifier verifier_;
  bool working_ = true;
  bool told_ = false;
  std::size_t findings_told_ = 0;
};

}  // namespace

Outcome<common::PageSource<v1::VerifyBookResponse>> OpenVerifyBook(
    std::shared_ptr<const Book> book, const common::CallContext&,
    const v1::VerifyBookRequest& request, std::string temporary_directory) {
  auto source = std::make_shared<VerifySource>(std::move(book), request.recheck(),
                                               std::move(temporary_directory));
  return common::PageSource<v1::VerifyBookResponse>(
      [source](v1::VerifyBookResponse& page) { return source->Next(page); });
}

}  // namespace landbook::registry
