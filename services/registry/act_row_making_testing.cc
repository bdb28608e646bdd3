#include "services/registry/act_row_making_testing.h"

#include <algorithm>

namespace landbook::registry {
namespace {

// The word of a kind of evidence: its name in lower case with dashes, save three words that rows
// use for other facts.
std::string WordOf(v1::EvidenceKind kind) {
  if (kind == v1::EVIDENCE_KIND_CONTRACT) return "signed-contract";
  if (kind == v1::EVIDENCE_KIND_NOTICE) return "notice-letter";
  if (kind == v1::EVIDENCE_KIND_PRIORITY) return "priority-letter";
  constexpr std::size_t kPrefix = std::string_view("EVIDENCE_KIND_").size();
  std::string word = v1::EvidenceKind_Name(kind).substr(kPrefix);
  for (char& c : word) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

bool NamesRecord(const std::string& name, v1::RecordKind kind, const Making& making) {
  const auto found = making.scene.named.find(name);
  return found != making.scene.named.end() && found->second.kind == kind;
}

void SayWhose(const std::string& by, const Making& making, v1::Evidence* evidence) {
  if (by == "yes") return;
  if (NamesRecord(by, v1::RECORD_KIND_RESOLUTION, making)) {
    *evidence->mutable_resolution() = Refer(by, making);
  } else if (NamesRecord(by, v1::RECORD_KIND_FILING, making)) {
    *evidence->mutable_filing() = Refer(by, making);
  } else {
    for (const std::string& name : Parts(by, ',')) *evidence->add_given_by() = Refer(name, making);
  }
}

v1::Evidence* AddPiece(v1::EvidenceKind kind, const Making& making,
                       std::vector<std::uint32_t>* positions) {
  positions->push_back(static_cast<std::uint32_t>(making.commit->evidence_size()));
  v1::Evidence* evidence = making.commit->add_evidence();
  evidence->set_kind(kind);
  evidence->set_date(making.scene.bench.day);
  return evidence;
}

}  // namespace

v1::Reference Refer(const std::string& name, const Making& making) {
  v1::Reference reference;
  const auto found = making.scene.named.find(name);
  if (found != making.scene.named.end() && found->second.within) {
    *reference.mutable_created_by() = *found->second.within;
  } else if (found != making.scene.named.end()) {
    reference.set_number(found->second.number);
  } else if (name.starts_with('#')) {
    reference.set_number(std::stoull(name.substr(1)));
  } else {
    reference.set_code(name);
  }
  return reference;
}

std::string Etag(const std::string& name, const Making& making) {
  if (making.row.Has("etag")) return making.row.Fact("etag");
  const auto found = making.scene.named.find(name);
  if (found == making.scene.named.end()) return "0";
  const auto& [kind, number, within] = found->second;
  if (within || making.scene.changed.contains({kind, number}))
    return std::string(kEtagOfThisCommit);
  return making.scene.bench.EtagOf(kind, number);
}

v1::Term TermOf(const std::string& text) {
  v1::Term term;
  const std::size_t dots = text.find("..");
  term.set_start_date(text.substr(0, dots));
  const std::string end = text.substr(dots + 2);
  if (end == "none") {
    term.set_no_end(true);
  } else if (!end.empty()) {
    term.set_end_date(end);
  }
  return term;
}

v1::CoOwnership CoOwnershipOf(const ActRow& row) {
  static const auto& words =
      *new std::map<std::string, v1::CoOwnership>{{"sole", v1::CO_OWNERSHIP_SOLE},
                                                  {"joint", v1::CO_OWNERSHIP_JOINT},
                                                  {"shares", v1::CO_OWNERSHIP_BY_SHARES},
                                                  {"other", v1::CO_OWNERSHIP_OTHER},
                                                  {"", v1::CO_OWNERSHIP_UNSPECIFIED}};
  return words.at(row.Fact("co", "joint"));
}

void AddHolders(const std::string& holders, const Making& making, HolderList* list) {
  for (const std::string& holder : Parts(holders, ',')) {
    const auto parts = Parts(holder, ':');
    v1::HolderReference& added = *list->Add();
    *added.mutable_party() = Refer(parts[0], making);
    if (parts.size() < 2) continue;
    const auto fraction = Parts(parts[1], '/');
    added.mutable_share()->set_numerator(std::stoull(fraction[0]));
    added.mutable_share()->set_denominator(std::stoull(fraction[1]));
  }
}

v1::CarryOver CarryOf(const Making& making) {
  v1::CarryOver carry;
  carry.set_register_("older register");
  carry.set_document_number("1998-77");
  carry.set_registered_date(making.row.Fact("registered", "1998-10-01"));
  return carry;
}

std::vector<std::uint32_t> EvidenceOf(const Making& making) {
  std::vector<std::uint32_t> positions;
  for (int kind = v1::EvidenceKind_MIN + 1; kind <= v1::EvidenceKind_MAX; ++kind) {
    const auto of = static_cast<v1::EvidenceKind>(kind);
    const std::string word = WordOf(of);
    if (!making.row.Has(word)) continue;
    SayWhose(making.row.Fact(word), making, AddPiece(of, making, &positions));
  }
  if (making.row.Has("consent-of-organ")) {
    AddPiece(v1::EVIDENCE_KIND_CONSENT, making, &positions)
        ->set_organ(making.row.Fact("consent-of-organ"));
  }
  if (making.row.Has("evidence")) {
    positions.push_back(static_cast<std::uint32_t>(std::stoul(making.row.Fact("evidence"))));
  }
  return positions;
}

std::int64_t Fen(const ActRow& row, const std::string& key) {
  return std::stoll(row.Fact(key, "0"));
}

}  // namespace landbook::registry
