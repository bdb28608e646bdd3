#include "services/registry/proof_reads.h"

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/registry/page_token.h"
#include "services/registry/read_point.h"
#include "storage/bytes.h"
#include "storage/merkle_log.h"
#include "storage/status_tree.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

// How often a status proof is tried while certificates change under it, and how long it then waits.
constexpr int kStatusAttemptsMax = 50;
constexpr std::chrono::milliseconds kStatusPause{2};

v1::Refusal OutOfRange(std::string field, const std::string& asked, const std::string& limit) {
  return common::Refuse(Reason::PROOF_OUT_OF_RANGE, std::move(field),
                        {fmt::format("A proof of {} was asked for, but {}.", asked, limit),
                         fmt::format("所请求的证明超出范围：{}（{}）。", asked, limit)});
}

template <typename Proof, typename Path>
void AddPath(const Path& path, Proof* proof) {
  for (const storage::Hash& hash : path) proof->add_path(std::string(storage::BytesOf(hash)));
}

// The header of an entry without its acts.
Outcome<v1::EntryHeader> HeaderOf(const Book& book, std::uint64_t sequence) {
  const Position position = book.writer().position();
  if (sequence == 0 || sequence > position.sequence) {
    return OutOfRange("sequence", fmt::format("entry {}", sequence),
                      fmt::format("the book has entries 1 to {}", position.sequence));
  }
  const auto bytes = storage::ReadOne(book.engine(), JournalKey(book.number(), sequence, 0));
  if (!bytes.ok()) return common::RefusalFromEngine(bytes.status());
  v1::EntryHeader header;
  if (!*bytes || !header.ParseFromString(**bytes)) {
    return common::RefusalFromEngine(
        absl::DataLossError(fmt::format("the header of entry {} cannot be read", sequence)));
  }
  return header;
}

// A tree size as asked for, or the newest head's for 0.
Outcome<std::uint64_t> TreeSize(const Book& book, std::uint64_t asked, const std::string& field) {
  if (asked == 0) {
    const auto head = book.heads().Get(0);
    if (!head.ok()) return common::RefusalFromEngine(head.status());
    return head->head.tree_size;
  }
  const Position position = book.writer().position();
  if (asked > position.tree_size) {
    return OutOfRange(field, fmt::format("a tree of {} leaves", asked),
                      fmt::format("the book's tree has {}", position.tree_size));
  }
  return asked;
}

// The leaf of a certificate in the status tree (storage/FORMAT.md, Status tree).
std::string StatusLeaf(const storage::StatusProof& proof) {
  std::string leaf;
  storage::AppendU64(leaf, proof.certificate_number);
  storage::AppendU8(leaf, static_cast<std::uint8_t>(proof.state.status));
  storage::AppendU64(leaf, proof.state.ended_at);
  return leaf;
}

v1::StatusProof ToWire(const storage::StatusProof& proof, v1::Head head) {
  const bool live = proof.state.status == storage::CertificateStatus::kLive;
  v1::StatusProof wire;
  wire.set_certificate(proof.certificate_number);
  wire.set_status(live ? "live" : "ended");
  wire.set_ended_sequence(proof.state.ended_at);
  wire.set_leaf(StatusLeaf(proof));
  AddPath(proof.inclusion.path, &wire);
  *wire.mutable_head() = std::move(head);
  return wire;
}

}  // namespace

Outcome<v1::Head> GetHead(const Book& book, const CallContext&, const v1::GetHeadRequest& request) {
  const auto head = book.heads().Get(request.min_sequence());
  if (head.ok()) return book.heads().ToWire(*head);
  if (!absl::IsOutOfRange(head.status())) return common::RefusalFromEngine(head.status());
  const std::uint64_t newest = book.writer().position().sequence;
  return common::Refuse(
      Reason::SEQUENCE_NOT_REACHED, "min_sequence",
      {fmt::format(
           "A head that covers entry {} was asked for; the book stands at {}. Try again once "
           "it has been entered.",
           request.min_sequence(), newest),
       fmt::format("请求覆盖第 {} 条的树头，登簿现为第 {} 条，请待登簿后重试。",
                   request.min_sequence(), newest)});
}

Outcome<v1::ListHeadsResponse> ListHeads(const Book& book, const CallContext&,
                                         const v1::ListHeadsRequest& request) {
  const auto paging = ReadPaging(request);
  if (!paging.ok()) return paging.refusals();
  const std::uint64_t from = paging->place ? paging->place->next : 0;
  const auto heads = book.heads().List(from, paging->size + 1);
  if (!heads.ok()) return common::RefusalFromEngine(heads.status());
  v1::ListHeadsResponse response;
  for (std::size_t i = 0; i < heads->size() && i < paging->size; ++i) {
    *response.add_heads() = book.heads().ToWire((*heads)[i]);
  }
  const bool more = heads->size() > paging->size;
  // Heads are never changed, so the entry that the page was read as of says nothing here.
  response.set_next_page_token(NextPageToken(request, {0, more ? heads->back().head.sequence : 0}));
  return response;
}

Outcome<v1::InclusionProof> GetInclusionProof(const Book& book, const CallContext&,
                                              const v1::GetInclusionProofRequest& request) {
  const auto header = HeaderOf(book, request.sequence());
  if (!header.ok()) return header.refusals();
  if (request.leaf() > header->act_count()) {
    return OutOfRange(
        "leaf", fmt::format("act {}", request.leaf()),
        fmt::format("entry {} has acts 1 to {}", request.sequence(), header->act_count()));
  }
  const auto size = TreeSize(book, request.tree_size(), "tree_size");
  if (!size.ok()) return size.refusals();
  const storage::LeafPlace place{header->first_leaf() + request.leaf(), *size};
  const auto leaf = storage::ReadOne(book.engine(),
                                     JournalKey(book.number(), request.sequence(), request.leaf()));
  if (!leaf.ok()) return common::RefusalFromEngine(leaf.status());
  const auto proof = book.log().Inclusion(place);
  if (absl::IsOutOfRange(proof.status())) {
    return OutOfRange("tree_size", fmt::format("leaf {}", place.leaf_index),
                      fmt::format("a tree of {} leaves does not hold it", *size));
  }
  if (!proof.ok()) return common::RefusalFromEngine(proof.status());
  v1::InclusionProof wire;
  wire.set_leaf_index(proof->leaf_index);
  wire.set_tree_size(proof->tree_size);
  wire.set_leaf(leaf->value_or(""));
  AddPath(proof->path, &wire);
  return wire;
}

Outcome<v1::ConsistencyProof> GetConsistencyProof(const Book& book, const CallContext&,
                                                  const v1::GetConsistencyProofRequest& request) {
  const auto new_size = TreeSize(book, request.new_size(), "new_size");
  if (!new_size.ok()) return new_size.refusals();
  const storage::TreeSizes sizes{request.old_size(), *new_size};
  if (sizes.old_size > sizes.new_size) {
    return OutOfRange("old_size", fmt::format("a tree of {} leaves", sizes.old_size),
                      fmt::format("the later one has {}", sizes.new_size));
  }
  const auto proof = book.log().Consistency(sizes);
  const auto old_root = book.log().RootAt(sizes.old_size);
  const auto new_root = book.log().RootAt(sizes.new_size);
  for (const auto& status : {proof.status(), old_root.status(), new_root.status()}) {
    if (!status.ok()) return common::RefusalFromEngine(status);
  }
  v1::ConsistencyProof wire;
  wire.set_old_size(sizes.old_size);
  wire.set_new_size(sizes.new_size);
  AddPath(proof->path, &wire);
  wire.set_old_root(std::string(storage::BytesOf(*old_root)));
  wire.set_new_root(std::string(storage::BytesOf(*new_root)));
  return wire;
}

Outcome<v1::StatusProof> GetStatusProof(const Book& book, const CallContext& call,
                                        const v1::GetStatusProofRequest& request) {
  for (int attempt = 0; attempt < kStatusAttemptsMax && !call.Ended(); ++attempt) {
    // The proof is of what has been written, the head of what has been published since: they differ
    // only while a batch passes from the one to the other.
    const auto proof = book.status_tree().Prove(request.certificate());
    if (absl::IsNotFound(proof.status())) {
      return OutOfRange("certificate", fmt::format("certificate {}", request.certificate()),
                        "the book has issued none of that number");
    }
    if (!proof.ok()) return common::RefusalFromEngine(proof.status());
    const auto head = book.heads().Get(0);
    if (!head.ok()) return common::RefusalFromEngine(head.status());
    if (head->head.status_root == proof->root &&
        head->head.status_size == proof->inclusion.tree_size) {
      return ToWire(*proof, book.heads().ToWire(*head));
    }
    std::this_thread::sleep_for(kStatusPause);
  }
  return common::Refuse(Reason::NO_HEAD, "certificate",
                        {"Certificates changed faster than a head could be signed. Try again.",
                         "证书变动过于频繁，暂无匹配的树头，请重试。"});
}

}  // namespace landbook::registry
