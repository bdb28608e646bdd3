// The case that a commit is a step of, and the law that governs it: that of the day on which the
// case was accepted.
#ifndef LANDBOOK_SERVICES_REGISTRY_CASE_OF_COMMIT_H_
#define LANDBOOK_SERVICES_REGISTRY_CASE_OF_COMMIT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "landbook/v1/act.pb.h"
#include "services/common/policy.h"
#include "services/law/pack_rules.h"
#include "services/registry/versions.h"

namespace landbook::registry {

struct CaseOfCommit {
  std::uint64_t number = 0;
  std::string accepted_date;
  // The adopted pack that governs.
  std::uint64_t pack = 0;
};

// The case that the first step of the commit names; nullopt when the commit holds no step of a case
// that is there. AcceptCase is no such step: its case is not there yet.
std::optional<CaseOfCommit> CaseOf(const v1::Commit& commit, const VersionReader& state);

// An adopted pack that governs though it is no longer in force.
struct GoverningPack {
  common::Policy policy;
  law::PackRules rules;
};

// The pack that governs the case, when the book has adopted another since; nullopt without a case,
// and when the pack in force governs.
std::optional<GoverningPack> GoverningPackOf(const std::optional<CaseOfCommit>& the_case,
                                             const VersionReader& state);

// The application that a commit brings to be accepted, or accepted as supplemented; null for none.
// Where there is one, the boundary check of the commit is of the application's acts.
const v1::Application* ApplicationOf(const v1::Commit& commit);

// The application's acts as a commit of their own, on the document of the commit that brings it.
v1::Commit PlannedCommit(const v1::Application& application, const v1::Commit& brought_by);
// The same, of the application that `commit` brings; nullopt when it brings none.
std::optional<v1::Commit> PlannedBy(const v1::Commit& commit);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CASE_OF_COMMIT_H_
