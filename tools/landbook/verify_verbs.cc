// verify book, certificate, consistency.
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <ostream>
#include <string>

#include "tools/landbook/command.h"
#include "tools/landbook/json.h"
#include "tools/landbook/progress_bar.h"
#include "tools/landbook/proof_check.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

struct VerifyOptions {
  bool recheck = false;
  std::string file;
  std::string trusted_key_id;
  std::uint64_t old_size = 0;
  std::uint64_t new_size = 0;
};

absl::StatusOr<v1::VerifyBookResponse> RunVerify(const Command& command, Session& session,
                                                 const v1::VerifyBookRequest& request) {
  ProgressBar progress(command.err, command.err_is_terminal);
  progress.Begin(fmt::format("verifying {}", request.county()));
  grpc::ClientContext context;
  session.Identify(context);
  auto answers = session.registry().VerifyBook(&context, request);
  v1::VerifyBookResponse answer;
  while (answers->Read(&answer)) progress.Show(answer.entries(), 0);
  const absl::Status outcome = session.Outcome(answers->Finish());
  if (!outcome.ok()) return outcome;
  if (!answer.done()) return absl::DataLossError("the server stopped before the book was verified");
  return answer;
}

void TellBook(const Command& command, const std::string& county,
              const v1::VerifyBookResponse& answer) {
  Table table({"county", "entries", "leaves", "heads", "keys", "faults", "findings"});
  table.Add({county, fmt::to_string(answer.entries()), fmt::to_string(answer.leaves()),
             fmt::to_string(answer.heads()), fmt::to_string(answer.keys()),
             fmt::to_string(answer.faults_size()), fmt::to_string(answer.findings_size())});
  if (command.json() && command.settings.county.empty()) {
    // A line a book: the response does not say which book it is about.
    command.out << fmt::format("{{\"county\":{},{}\n", JsonText(county), JsonOf(answer).substr(1));
  } else {
    command.Answer(answer, table);
  }
  for (const std::string& fault : answer.faults()) command.err << county << ": " << fault << "\n";
  for (const v1::Finding& finding : answer.findings()) {
    command.err << county << ": " << finding.rule() << " " << finding.plot() << ": "
                << finding.message_en() << "\n";
  }
}

absl::Status VerifyOneBook(const Command& command, Session& session, const std::string& county,
                           bool recheck) {
  v1::VerifyBookRequest request;
  request.set_county(county);
  request.set_recheck(recheck);
  const auto answer = RunVerify(command, session, request);
  if (!answer.ok()) {
    command.err << county << ": the book was not verified\n";
    return answer.status();
  }
  TellBook(command, county, *answer);
  if (answer->faults().empty()) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("the book of {} does not hold: {} faults", county, answer->faults_size()));
}

absl::Status VerifyBooks(const Command& command, Session& session, const VerifyOptions& options) {
  if (!session.settings().county.empty()) {
    return VerifyOneBook(command, session, session.settings().county, options.recheck);
  }
  const auto books =
      session.CallAllPages(&Session::Registry::ListCounties, v1::ListCountiesRequest());
  if (!books.ok()) return books.status();
  absl::Status worst;
  for (const v1::County& county : books->counties()) {
    const absl::Status one = VerifyOneBook(command, session, county.code(), options.recheck);
    if (!one.ok() && !worst.ok()) PrintOutcome(worst, command.err);
    if (!one.ok()) worst = one;
  }
  return worst;
}

// The signed heads that stand for the roots of a proof of consistency: each root that a kept head
// signs is that head's; a root that none signs is the server's word, and said to be.
absl::Status CompareWithHeads(const Command& command, Session& session,
                              const v1::ConsistencyProof& proof, const VerifyOptions& options) {
  v1::ListHeadsRequest request;
  request.set_county(session.settings().county);
  const auto heads = session.CallAllPages(&Session::Registry::ListHeads, request);
  if (!heads.ok()) return heads.status();
  bool old_signed = proof.old_size() == 0;
  bool new_signed = proof.new_size() == 0;
  for (const v1::Head& sent : heads->heads()) {
    const bool is_old = sent.tree_size() == proof.old_size();
    const bool is_new = sent.tree_size() == proof.new_size();
    if (!is_old && !is_new) continue;
    const auto head = CheckHead(sent, options.trusted_key_id);
    if (!head.ok()) return head.status();
    if (sent.root() != (is_old ? proof.old_root() : proof.new_root())) {
      return absl::DataLossError(fmt::format(
          "the head of {} leaves signs another root than the proof has", sent.tree_size()));
    }
    old_signed |= is_old;
    new_signed |= is_new;
  }
  for (const auto& [is_signed, size] :
       {std::pair{old_signed, proof.old_size()}, std::pair{new_signed, proof.new_size()}}) {
    if (is_signed) continue;
    command.err << fmt::format("no kept head has {} leaves: that root is the server's word\n",
                               size);
  }
  return absl::OkStatus();
}

absl::StatusOr<CheckedHead> NewestHead(Session& session, const VerifyOptions& options) {
  v1::GetHeadRequest request;
  request.set_county(session.settings().county);
  const auto sent = session.Call(&Session::Registry::GetHead, request);
  if (!sent.ok()) return sent.status();
  return CheckHead(*sent, options.trusted_key_id);
}

absl::Status VerifyConsistency(const Command& command, Session& session,
                               const VerifyOptions& options) {
  const auto newest = NewestHead(session, options);
  if (!newest.ok()) return newest.status();
  v1::GetConsistencyProofRequest request;
  request.set_county(session.settings().county);
  request.set_old_size(options.old_size);
  request.set_new_size(options.new_size);
  const auto proof = session.Call(&Session::Registry::GetConsistencyProof, request);
  if (!proof.ok()) return proof.status();
  if (proof->old_size() != options.old_size ||
      (options.new_size != 0 && proof->new_size() != options.new_size)) {
    return absl::DataLossError("the server proved other sizes than were asked for");
  }
  absl::Status holds = CheckConsistency(*proof, *newest->suite);
  if (holds.ok()) holds = CompareWithHeads(command, session, *proof, options);
  if (!holds.ok()) return holds;
  Table table({"old size", "new size", "holds"});
  table.Add({fmt::to_string(proof->old_size()), fmt::to_string(proof->new_size()), "yes"});
  command.Answer(*proof, table);
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> SequenceOf(const v1::Certificate& certificate) {
  std::uint64_t sequence = 0;
  const std::string& etag = certificate.etag();
  const auto [past, error] = std::from_chars(etag.data(), etag.data() + etag.size(), sequence);
  if (error == std::errc() && past == etag.data() + etag.size() && sequence > 0) return sequence;
  return absl::InvalidArgumentError(
      "the certificate's etag does not name an entry; verify what `landbook certificate get "
      "--output json` writes");
}

absl::StatusOr<v1::InclusionProof> ProofOfLeaf(Session& session, const CheckedHead& head,
                                               std::uint64_t sequence, std::uint32_t leaf) {
  v1::GetInclusionProofRequest request;
  request.set_county(session.settings().county);
  request.set_sequence(sequence);
  request.set_leaf(leaf);
  request.set_tree_size(head.head.tree_size);
  absl::StatusOr<v1::InclusionProof> proof =
      session.Call(&Session::Registry::GetInclusionProof, request);
  if (!proof.ok()) return proof;
  const absl::Status holds = CheckInclusion(*proof, head);
  if (!holds.ok()) return holds;
  return proof;
}

// That the entry named by the certificate's etag has an act that left the certificate as it is in
// the caller's hand, and that this act is in the tree of `head`.
absl::Status CheckIssued(Session& session, const v1::Certificate& certificate,
                         const CheckedHead& head) {
  const auto sequence = SequenceOf(certificate);
  if (!sequence.ok()) return sequence.status();
  const auto header_leaf = ProofOfLeaf(session, head, *sequence, 0);
  if (!header_leaf.ok()) return header_leaf.status();
  v1::EntryHeader header;
  if (!header.ParseFromString(header_leaf->leaf()) || header.sequence() != *sequence) {
    return absl::DataLossError(fmt::format("the header of entry {} is not one", *sequence));
  }
  for (std::uint32_t leaf = 1; leaf <= header.act_count(); ++leaf) {
    const auto act_leaf = ProofOfLeaf(session, head, *sequence, leaf);
    if (!act_leaf.ok()) return act_leaf.status();
    v1::ActRecord record;
    if (record.ParseFromString(act_leaf->leaf()) && ActLeft(record, certificate)) {
      return absl::OkStatus();
    }
  }
  return absl::DataLossError(
      fmt::format("no act of entry {} left certificate {} as the file has it", *sequence,
                  certificate.number()));
}

absl::Status VerifyCertificate(const Command& command, Session& session,
                               const VerifyOptions& options) {
  const auto text = ReadTextFile(options.file);
  if (!text.ok()) return text.status();
  v1::Certificate certificate;
  const absl::Status parsed = ParseJson(*text, options.file, certificate);
  if (!parsed.ok()) return parsed;
  v1::GetStatusProofRequest request;
  request.set_county(session.settings().county);
  request.set_certificate(certificate.number());
  const auto proof = session.Call(&Session::Registry::GetStatusProof, request);
  if (!proof.ok()) return proof.status();
  const auto head = CheckHead(proof->head(), options.trusted_key_id);
  if (!head.ok()) return head.status();
  absl::Status holds = CheckStatus(*proof, *head);
  if (holds.ok() && proof->certificate() != certificate.number()) {
    holds = absl::DataLossError("the server proved the status of another certificate");
  }
  if (holds.ok()) holds = CheckIssued(session, certificate, *head);
  if (!holds.ok()) return holds;
  Table table({"certificate", "number", "status", "head entry"});
  table.Add({fmt::to_string(certificate.number()), certificate.certificate_number(),
             proof->status(), fmt::to_string(head->head.sequence)});
  command.Answer(*proof, table);
  if (proof->status() == "live") return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("certificate {} was issued by this book and ended with entry {}",
                  certificate.number(), proof->ended_sequence()));
}

void AddTrustedKey(CLI::App& verb, VerifyOptions& options) {
  verb.add_option("--trusted-key", options.trusted_key_id,
                  "accept heads of this key only: its 16 hexadecimal digits");
}

}  // namespace

void AddVerifyVerbs(CLI::App& app, Command& command) {
  CLI::App* verify = app.add_subcommand("verify", "prove what a book says");
  verify->require_subcommand(1);

  auto book_options = std::make_shared<VerifyOptions>();
  CLI::App* book = verify->add_subcommand(
      "book", "leaves, tree, heads, and that the journal gives the state byte for byte");
  book->add_flag("--recheck", book_options->recheck, "run today's rules over the state too");
  book->callback([book_options, &command] {
    command.RunWithSession([book_options, &command](Session& session) {
      return VerifyBooks(command, session, *book_options);
    });
  });

  auto certificate_options = std::make_shared<VerifyOptions>();
  CLI::App* certificate =
      verify->add_subcommand("certificate", "that a certificate was issued, and whether it stands");
  certificate
      ->add_option("FILE", certificate_options->file,
                   "the certificate as `certificate get --output json` writes it")
      ->required();
  AddTrustedKey(*certificate, *certificate_options);
  certificate->callback([certificate_options, &command] {
    command.RunInCounty([certificate_options, &command](Session& session) {
      return VerifyCertificate(command, session, *certificate_options);
    });
  });

  auto consistency_options = std::make_shared<VerifyOptions>();
  CLI::App* consistency =
      verify->add_subcommand("consistency", "that the book of one size begins the book of another");
  consistency->add_option("--old", consistency_options->old_size, "leaves of the smaller tree")
      ->required();
  consistency
      ->add_option("--new", consistency_options->new_size,
                   "leaves of the larger tree; 0 for the newest head's")
      ->required();
  AddTrustedKey(*consistency, *consistency_options);
  consistency->callback([consistency_options, &command] {
    command.RunInCounty([consistency_options, &command](Session& session) {
      return VerifyConsistency(command, session, *consistency_options);
    });
  });
}

}  // namespace landbook::tools
