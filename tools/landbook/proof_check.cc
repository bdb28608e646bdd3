#include "tools/landbook/proof_check.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>

#include <string_view>
#include <vector>

#include "landbook/v1/options.pb.h"
#include "storage/digest.h"
#include "storage/merkle_tree.h"
#include "storage/status_tree.h"

namespace landbook::tools {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Broken(const std::string& what, const absl::Status& why) {
  return absl::DataLossError(fmt::format("{}: {}", what, std::string(why.message())));
}

absl::StatusOr<std::vector<storage::Hash>> PathOf(
    const google::protobuf::RepeatedPtrField<std::string>& path) {
  std::vector<storage::Hash> hashes;
  for (const std::string& bytes : path) {
    const absl::StatusOr<storage::Hash> hash = storage::HashFromBytes(bytes);
    if (!hash.ok()) return Broken("a hash of the proof", hash.status());
    hashes.push_back(*hash);
  }
  return hashes;
}

// Removes what only answers have, here and in every message inside.
void ClearOutputOnly(Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->options().GetExtension(v1::rule).output_only()) {
      reflection->ClearField(&message, field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      ClearOutputOnly(*reflection->MutableMessage(&message, field));
    }
  }
}

bool Same(v1::Certificate a, v1::Certificate b) {
  ClearOutputOnly(a);
  ClearOutputOnly(b);
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

// Whether the fields that the answer spells out are those that were signed.
bool SaysWhatWasSigned(const v1::Head& sent, const storage::Head& head) {
  return sent.book() == head.book && sent.sequence() == head.sequence &&
         sent.tree_size() == head.tree_size && sent.status_size() == head.status_size &&
         sent.root() == storage::BytesOf(head.root) &&
         sent.status_root() == storage::BytesOf(head.status_root);
}

}  // namespace

absl::StatusOr<CheckedHead> CheckHead(const v1::Head& sent, const std::string& trusted_key_id) {
  const auto head = storage::ParseCanonicalBytes(sent.signed_bytes());
  if (!head.ok()) return Broken("the head's signed bytes", head.status());
  const auto suite = storage::Suite::WithName(sent.suite());
  if (!suite.ok()) return Broken("the head's suite", suite.status());
  const auto key = storage::VerifyingKey::FromDer(**suite, sent.public_key());
  if (!key.ok()) return Broken("the head's public key", key.status());
  if (!trusted_key_id.empty() && storage::HexOf(key->id()) != trusted_key_id) {
    return absl::DataLossError(fmt::format("the head is signed by the key {}, not by {}",
                                           storage::HexOf(key->id()), trusted_key_id));
  }
  const absl::Status signature = storage::VerifyHead({*head, sent.signature()}, *key);
  if (!signature.ok()) return Broken("the head's signature", signature);
  if (!SaysWhatWasSigned(sent, *head)) {
    return absl::DataLossError("the head's fields are not those that were signed");
  }
  const auto hashes = storage::Suite::WithId(static_cast<std::uint8_t>(head->suite));
  if (!hashes.ok()) return Broken("the head's suite", hashes.status());
  return CheckedHead{*hashes, *head};
}

absl::Status CheckInclusion(const v1::InclusionProof& proof, const CheckedHead& head) {
  const auto path = PathOf(proof.path());
  if (!path.ok()) return path.status();
  const storage::InclusionProof inclusion{proof.leaf_index(), proof.tree_size(), *path};
  if (proof.tree_size() != head.head.tree_size) {
    return absl::DataLossError(
        fmt::format("the proof is for a tree of {} leaves, the head for one of {}",
                    proof.tree_size(), head.head.tree_size));
  }
  const absl::Status holds = storage::VerifyInclusion(
      *head.suite, inclusion, {storage::LeafHash(*head.suite, proof.leaf()), head.head.root});
  return holds.ok() ? holds : Broken("the proof of inclusion", holds);
}

absl::Status CheckConsistency(const v1::ConsistencyProof& proof, const storage::Suite& suite) {
  const auto path = PathOf(proof.path());
  if (!path.ok()) return path.status();
  const auto old_root = storage::HashFromBytes(proof.old_root());
  if (!old_root.ok()) return Broken("the older root", old_root.status());
  const auto new_root = storage::HashFromBytes(proof.new_root());
  if (!new_root.ok()) return Broken("the newer root", new_root.status());
  const storage::ConsistencyProof consistency{proof.old_size(), proof.new_size(), *path};
  const absl::Status holds = storage::VerifyConsistency(suite, consistency, {*old_root, *new_root});
  return holds.ok() ? holds : Broken("the proof of consistency", holds);
}

absl::Status CheckStatus(const v1::StatusProof& proof, const CheckedHead& head) {
  const auto path = PathOf(proof.path());
  if (!path.ok()) return path.status();
  const bool ended = proof.status() == "ended";
  if (!ended && proof.status() != "live") {
    return absl::DataLossError(fmt::format("'{}' is no status of a certificate", proof.status()));
  }
  storage::StatusProof claim;
  claim.certificate_number = proof.certificate();
  claim.state = ended ? storage::CertificateState::Ended(proof.ended_sequence())
                      : storage::CertificateState::Live();
  claim.inclusion = {proof.certificate() - 1, head.head.status_size, *path};
  claim.root = head.head.status_root;
  const absl::Status holds = storage::VerifyStatus(*head.suite, claim);
  return holds.ok() ? holds : Broken("the proof of the certificate's status", holds);
}

bool ActLeft(const v1::ActRecord& record, const v1::Certificate& certificate) {
  for (const v1::Effect& effect : record.effects()) {
    if (effect.kind() != v1::RECORD_KIND_CERTIFICATE || effect.number() != certificate.number()) {
      continue;
    }
    v1::Certificate left;
    if (left.ParseFromString(effect.record()) && Same(left, certificate)) return true;
  }
  return false;
}

}  // namespace landbook::tools
