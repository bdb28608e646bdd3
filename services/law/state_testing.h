// A book of maps, and a village in it, for tests of law.
//
// Records are written as protobuf text in which `$Name` means a reference to the record of that
// name, and
// `#Name` its number. An act is asked with its evidence in words: "contract consent=Group1,Zhang
// resolution=Plan filing=F order". What law says comes back as "C-01@evidence C-12@evidence".
#ifndef LANDBOOK_SERVICES_LAW_STATE_TESTING_H_
#define LANDBOOK_SERVICES_LAW_STATE_TESTING_H_

#include <google/protobuf/text_format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/law/rule.h"

namespace landbook::law {

// A book of maps: look-ups go through all records. References by number and by name's number only.
class MapState : public State {
 public:
  std::optional<std::string> Record(v1::RecordKind kind, std::uint64_t number) const override;
  std::vector<std::uint64_t> Linked(Link link, std::uint64_t from) const override;
  std::optional<std::uint64_t> Resolve(const v1::Reference& reference,
                                       v1::RecordKind kind) const override;
  std::optional<CivilDate> BirthDate(std::uint64_t person) const override;

  void Put(v1::RecordKind kind, std::uint64_t number, std::string bytes) {
    records_[{kind, number}] = std::move(bytes);
  }
  void SetBirthDate(std::uint64_t person, std::optional<CivilDate> date) { born_[person] = date; }

 private:
  template <typename Linking, typename From>
  std::vector<std::uint64_t> Those(From is_linked) const;

  std::map<std::pair<int, std::uint64_t>, std::string> records_;
  std::map<std::uint64_t, std::optional<CivilDate>> born_;
};

// "W-11@evidence W-13@right", in the order told.
std::string Say(const std::vector<Told>& told);

// A village of two groups as tests/acts/worlds/village.rows has it, under the packs of a chain.
class Village : public ::testing::Test {
 protected:
  explicit Village(std::string_view pack = "sample", std::string_view county = "990101",
                   CivilDate today = {2026, 3, 2});

  // Enters or replaces the record of that name, and returns its number.
  template <typename Record>
  std::uint64_t Put(const std::string& name, const std::string& text) {
    Record record;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(Expand(text), &record)) << text;
    const std::uint64_t number = NumberOf(name);
    state_.Put(kKindOf<Record>, number, record.SerializeAsString());
    return number;
  }
  // Changes fields of the record of that name: what the text says is merged over it.
  template <typename Record>
  void Change(const std::string& name, const std::string& text) {
    Record record = *Find<Record>(state_, NumberOf(name));
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(Expand(text), &record)) << text;
    state_.Put(kKindOf<Record>, NumberOf(name), record.SerializeAsString());
  }
  // A resolution of the collective that stands, on the matter.
  void Resolve(const std::string& name, const std::string& collective, const std::string& matter);
  // A filing about the rights, with the party.
  void File(const std::string& name, const std::string& matter, const std::string& rights,
            const std::string& with);
  std::uint64_t NumberOf(const std::string& name);

  // What law says of one act with that evidence.
  std::string Ask(const std::string& act, const std::string& evidence = "");
  // What it says of a commit of these acts, of the state as it is.
  std::string AskCommit(const std::vector<std::string>& acts);
  // What was told beside the refusals, the last time.
  const Judgment& last() const { return last_; }
  // The act as text, with names expanded.
  v1::Act ActOf(const std::string& text);
  std::string Expand(const std::string& text);
  v1::Evidence EvidenceOf(const std::string& word);

  // What the next questions are asked with.
  MapState state_;
  common::Policy policy_;
  PackRules pack_;
  Days days_;
  v1::Commit commit_;
  std::optional<v1::Case> case_;
  std::uint64_t case_number_ = 0;
  std::optional<v1::Actor> actor_;
  bool at_acceptance_ = false;
  bool from_import_ = false;
  bool book_open_ = false;
  bool by_hand_ = true;
  std::string county_;

 private:
  void PutParties();
  void PutLand();
  void PutRights();
  void PutPerson(const std::string& name, CivilDate born);
  void PutHousehold(const std::string& name, const std::string& collective,
                    const std::vector<std::string>& members);
  Question Common() const;

  std::map<std::string, std::uint64_t> numbers_;
  std::uint64_t next_ = 100;
  Judgment last_;
};

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_STATE_TESTING_H_
