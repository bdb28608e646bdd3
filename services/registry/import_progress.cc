#include "services/registry/import_progress.h"

#include <utility>

#include "storage/check.h"

namespace landbook::registry {
namespace {

bool HasEnded(v1::ImportState state) {
  return state == v1::IMPORT_STATE_DONE || state == v1::IMPORT_STATE_CANCELLED ||
         state == v1::IMPORT_STATE_FAILED;
}

}  // namespace

ImportProgress::ImportProgress(std::string name, std::uint64_t number) {
  import_.set_name(std::move(name));
  import_.set_number(number);
  import_.set_state(v1::IMPORT_STATE_RECEIVING);
}

v1::Import ImportProgress::ToWire() const {
  storage::MutexLock lock(mutex_);
  v1::Import import = import_;
  for (const auto& [rule, count] : findings_) {
    v1::RuleCount& entry = *import.add_findings();
    entry.set_rule(rule);
    entry.set_count(count);
  }
  return import;
}

v1::ImportState ImportProgress::state() const {
  storage::MutexLock lock(mutex_);
  return import_.state();
}

bool ImportProgress::ended() const { return HasEnded(state()); }

bool ImportProgress::Advance(v1::ImportState from, v1::ImportState to) {
  storage::MutexLock lock(mutex_);
  if (import_.state() != from) return false;
  import_.set_state(to);
  return true;
}

void ImportProgress::End(v1::ImportState state, std::string failure) {
  storage::MutexLock lock(mutex_);
  LANDBOOK_CHECK(HasEnded(state));
  if (HasEnded(import_.state())) return;
  LANDBOOK_CHECK(import_.accepted() + import_.rejected() == import_.checked());
  if (state == v1::IMPORT_STATE_DONE) LANDBOOK_CHECK(import_.checked() == import_.read());
  import_.set_state(state);
  import_.set_failure(std::move(failure));
}

bool ImportProgress::cancelled() const {
  storage::MutexLock lock(mutex_);
  return cancelled_;
}

void ImportProgress::Cancel() {
  storage::MutexLock lock(mutex_);
  cancelled_ = true;
}

void ImportProgress::CountRead(std::uint32_t rows) {
  storage::MutexLock lock(mutex_);
  import_.set_read(import_.read() + rows);
}

void ImportProgress::CountChecked(const Checked& rows) {
  storage::MutexLock lock(mutex_);
  import_.set_accepted(import_.accepted() + rows.accepted);
  import_.set_unchanged(import_.unchanged() + rows.unchanged);
  import_.set_rejected(import_.rejected() + rows.rejected);
  import_.set_checked(import_.checked() + rows.accepted + rows.rejected);
}

void ImportProgress::CountTakenBack(std::uint32_t rows) {
  storage::MutexLock lock(mutex_);
  import_.set_accepted(import_.accepted() - rows);
  import_.set_rejected(import_.rejected() + rows);
}

void ImportProgress::CountCommitted(std::uint32_t rows, std::uint64_t sequence) {
  storage::MutexLock lock(mutex_);
  import_.set_committed(import_.committed() + rows);
  import_.set_last_sequence(sequence);
}

void ImportProgress::CountFinding(const std::string& rule) {
  storage::MutexLock lock(mutex_);
  ++findings_[rule];
}

void ImportProgress::SetAllUnchanged() {
  storage::MutexLock lock(mutex_);
  import_.set_unchanged(import_.accepted());
}

void ImportProgress::SetControlLayer(std::uint64_t number) {
  storage::MutexLock lock(mutex_);
  import_.set_control_layer(number);
}

void ImportProgress::SetRulesNotRun(const std::vector<std::string>& rules) {
  storage::MutexLock lock(mutex_);
  import_.clear_rules_not_run();
  for (const std::string& rule : rules) import_.add_rules_not_run(rule);
}

}  // namespace landbook::registry
