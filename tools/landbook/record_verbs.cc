// right list, status; party list, get, accesses; certificate get: records of the book other than
// plots.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/util/time_util.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/common/identity.h"
#include "storage/digest.h"
#include "storage/suite.h"
#include "tools/landbook/command.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

struct RecordOptions {
  std::string record;
  std::string plot;
  std::string holder;
  std::string identity_number;
  std::string as_of;
  bool include_ended = false;
};

struct StatusOptions {
  std::string unit;
  std::string consent;  // a file
  std::string date;
  std::uint64_t consented_by = 0;
};

struct AccessOptions {
  std::uint64_t party = 0;
  std::string from;
};

void AddAsOf(CLI::App& verb, RecordOptions& options) {
  verb.add_option("--as-of", options.as_of, "a recorded time, RFC 3339, or an entry's number");
}

std::string HoldersText(const v1::Right& right) {
  std::string text;
  for (const v1::Holder& holder : right.holders()) {
    if (!text.empty()) text += ", ";
    text += fmt::to_string(holder.party());
    if (holder.has_share()) {
      text += fmt::format(" ({}/{})", holder.share().numerator(), holder.share().denominator());
    }
  }
  return text;
}

std::string TermText(const v1::Term& term) {
  return fmt::format("{} to {}", term.start_date(), term.no_end() ? "no end" : term.end_date());
}

absl::Status ListRights(const Command& command, Session& session, const RecordOptions& options) {
  v1::ListRightsRequest request;
  request.set_county(session.settings().county);
  if (!options.holder.empty()) {
    const absl::StatusOr<std::uint64_t> holder = NumberFrom(options.holder, "a holder");
    if (!holder.ok()) return holder.status();
    request.set_holder(*holder);
  } else {
    request.set_plot(options.plot);
  }
  request.set_include_ended(options.include_ended);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto rights = session.CallAllPages(&Session::Registry::ListRights, request);
  if (!rights.ok()) return rights.status();
  Table table({"number", "type", "unit", "holders", "term", "registered", "state", "entry"});
  for (const v1::Right& right : rights->rights()) {
    table.Add({fmt::to_string(right.number()), right.type(), fmt::to_string(right.unit()),
               HoldersText(right), TermText(right.term()), right.registered_date(),
               right.state() == v1::RECORD_STATE_LIVE ? "live" : right.ended_cause(),
               right.etag()});
  }
  command.Answer(*rights, table);
  return absl::OkStatus();
}

// What a party is, and its name where it is public or the caller may see it.
std::pair<std::string, std::string> KindAndName(const v1::Party& party) {
  switch (party.kind_case()) {
    case v1::Party::kPerson:
      return {"person",
              party.person().erased() ? "(erased)" : party.person().private_().full_name()};
    case v1::Party::kHousehold:
      return {"household", party.household().contractor_code()};
    case v1::Party::kCollective:
      return {"collective", party.collective().title()};
    case v1::Party::kOrganisation:
      return {"organisation", party.organisation().title()};
    case v1::Party::kAuthority:
      return {"authority", party.authority().title()};
    default:
      return {"unknown", ""};
  }
}

absl::Status ListParties(const Command& command, Session& session, const RecordOptions& options) {
  v1::ListPartiesRequest request;
  request.set_county(session.settings().county);
  request.set_identity_number(options.identity_number);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto parties = session.CallAllPages(&Session::Registry::ListParties, request);
  if (!parties.ok()) return parties.status();
  Table table({"number", "kind", "name", "entry"});
  for (const v1::Party& party : parties->parties()) {
    const auto [kind, name] = KindAndName(party);
    table.Add({fmt::to_string(party.number()), kind, name, party.etag()});
  }
  command.Answer(*parties, table);
  return absl::OkStatus();
}

absl::Status GetParty(const Command& command, Session& session, const RecordOptions& options) {
  const absl::StatusOr<std::uint64_t> number = NumberFrom(options.record, "a party");
  if (!number.ok()) return number.status();
  v1::GetPartyRequest request;
  request.set_county(session.settings().county);
  request.set_party(*number);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto party = session.Call(&Session::Registry::GetParty, request);
  if (!party.ok()) return party.status();
  command.Answer(*party);
  return absl::OkStatus();
}

// "full_name, identity_number" and how the party was found.
std::string ShownText(const v1::ShownParty& shown) {
  std::string text = fmt::to_string(fmt::join(shown.fields(), ", "));
  if (shown.found_by_identity_number()) text += text.empty() ? "found" : ", found";
  return text.empty() ? fmt::to_string(shown.party()) : fmt::format("{}: {}", shown.party(), text);
}

absl::Status ListAccesses(const Command& command, Session& session, const AccessOptions& options) {
  v1::ListAccessesRequest request;
  request.set_county(session.settings().county);
  request.set_party(options.party);
  request.set_from(options.from);
  const auto accesses = session.CallAllPages(&Session::Registry::ListAccesses, request);
  if (!accesses.ok()) return accesses.status();
  Table table({"time", "who", "role", "call", "why", "records", "shown"});
  for (const v1::Access& access : accesses->accesses()) {
    std::vector<std::string> shown;
    for (const v1::ShownParty& party : access.shown()) shown.push_back(ShownText(party));
    table.Add({google::protobuf::util::TimeUtil::ToString(access.time()), access.principal(),
               std::string(common::RoleName(access.role())), access.method(), access.purpose(),
               fmt::to_string(fmt::join(access.records(), ", ")),
               fmt::to_string(fmt::join(shown, "; "))});
  }
  command.Answer(*accesses, table);
  return absl::OkStatus();
}

absl::Status GetCertificate(const Command& command, Session& session,
                            const RecordOptions& options) {
  v1::GetCertificateRequest request;
  request.set_county(session.settings().county);
  request.set_certificate(options.record);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto certificate = session.Call(&Session::Registry::GetCertificate, request);
  if (!certificate.ok()) return certificate.status();
  command.Answer(*certificate);
  return absl::OkStatus();
}

// "SEIZURE" for CAUTION_CAUSE_SEIZURE.
std::string CauseWords(const v1::UnitStatus& status) {
  constexpr std::string_view kPrefix = "CAUTION_CAUSE_";
  std::vector<std::string> words;
  for (const int cause : status.cautions()) {
    words.push_back(
        v1::CautionCause_Name(static_cast<v1::CautionCause>(cause)).substr(kPrefix.size()));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

absl::Status ShowUnitStatus(const Command& command, Session& session,
                            const StatusOptions& options) {
  const absl::StatusOr<std::string> consent = ReadTextFile(options.consent);
  if (!consent.ok()) return consent.status();
  const storage::Hash hash = storage::Suite::Sha256Ed25519().HashOf(*consent);
  v1::GetUnitStatusRequest request;
  request.set_county(session.settings().county);
  request.set_unit(options.unit);
  request.set_consent_date(options.date);
  request.set_consented_by(options.consented_by);
  request.set_consent_hash(std::string(storage::BytesOf(hash)));
  const auto status = session.Call(&Session::Registry::GetUnitStatus, request);
  if (!status.ok()) return status.status();
  Table table({"right", "type", "term", "mortgageable"});
  for (int i = 0; i < status->rights_size(); ++i) {
    const v1::Right& right = status->rights(i);
    const bool mortgageable = i < status->mortgageable_size() && status->mortgageable(i);
    table.Add({fmt::to_string(right.number()), right.type(), TermText(right.term()),
               mortgageable ? "yes" : "no"});
  }
  if (!command.json()) {
    command.out << fmt::format("{} {} {} m2; mortgages {} for {} fen; cautions [{}]\n",
                               status->unit(), status->plot_kind(), status->recorded_area_m2(),
                               status->mortgages(), status->secured_fen(), CauseWords(*status));
  }
  command.Answer(*status, table);
  return absl::OkStatus();
}

using RecordVerb = absl::Status (*)(const Command&, Session&, const RecordOptions&);

void RunVerb(CLI::App& verb, Command& command, std::shared_ptr<RecordOptions> options,
             RecordVerb run) {
  AddAsOf(verb, *options);
  verb.callback([options, run, &command] {
    command.RunInCounty(
        [options, run, &command](Session& session) { return run(command, session, *options); });
  });
}

void AddUnitStatus(CLI::App& right, Command& command) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* verb = right.add_subcommand(
      "status", "what may be known of a unit with the written consent of who holds a right in it");
  verb->add_option("UNIT", options->unit, "the unit's number or code")->required();
  verb->add_option("--consent", options->consent, "the consent's file, whose SHA-256 is kept")
      ->required();
  verb->add_option("--date", options->date, "the consent's day, YYYY-MM-DD")->required();
  verb->add_option("--consented-by", options->consented_by, "the number of who gave it")
      ->required();
  verb->callback([options, &command] {
    command.RunInCounty([options, &command](Session& session) {
      return ShowUnitStatus(command, session, *options);
    });
  });
}

void AddRights(CLI::App& app, Command& command) {
  CLI::App* right = app.add_subcommand("right", "rights of a book");
  right->require_subcommand(1);
  auto options = std::make_shared<RecordOptions>();
  CLI::App* list = right->add_subcommand("list", "the rights in a plot or of a holder");
  CLI::Option_group* whose = list->add_option_group("whose");
  whose->add_option("--plot", options->plot, "the plot's number or code");
  whose->add_option("--holder", options->holder, "the holder's number");
  whose->require_option(1);
  list->add_flag("--ended", options->include_ended, "those that have ended too");
  RunVerb(*list, command, options, ListRights);
  AddUnitStatus(*right, command);
}

void AddParties(CLI::App& app, Command& command) {
  CLI::App* party = app.add_subcommand("party", "parties of a book");
  party->require_subcommand(1);
  auto list_options = std::make_shared<RecordOptions>();
  CLI::App* list = party->add_subcommand("list", "parties, by number");
  list->add_option("--identity", list_options->identity_number, "only those with this number");
  RunVerb(*list, command, list_options, ListParties);
  auto get_options = std::make_shared<RecordOptions>();
  CLI::App* get = party->add_subcommand("get", "a party");
  get->add_option("NUMBER", get_options->record, "the party's number")->required();
  RunVerb(*get, command, get_options, GetParty);
  auto access_options = std::make_shared<AccessOptions>();
  CLI::App* accesses = party->add_subcommand("accesses", "who was shown private fields of parties");
  accesses->add_option("--party", access_options->party, "only of the party with this number");
  accesses->add_option("--from", access_options->from, "only from this time on, RFC 3339");
  accesses->callback([access_options, &command] {
    command.RunInCounty([access_options, &command](Session& session) {
      return ListAccesses(command, session, *access_options);
    });
  });
}

void AddCertificates(CLI::App& app, Command& command) {
  CLI::App* certificate = app.add_subcommand("certificate", "certificates of a book");
  certificate->require_subcommand(1);
  auto options = std::make_shared<RecordOptions>();
  CLI::App* get = certificate->add_subcommand("get", "a certificate; its JSON can be verified");
  get->add_option("NUMBER", options->record, "its number, or the number on the paper")->required();
  RunVerb(*get, command, options, GetCertificate);
}

}  // namespace

void AddRecordVerbs(CLI::App& app, Command& command) {
  AddRights(app, command);
  AddParties(app, command);
  AddCertificates(app, command);
}

}  // namespace landbook::tools
