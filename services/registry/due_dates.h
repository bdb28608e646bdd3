// The days that cases and cautions run to. No record holds them: they follow from the packs and
// from the working calendar as it stands, so that a calendar put right puts right what follows from
// it.
#ifndef LANDBOOK_SERVICES_REGISTRY_DUE_DATES_H_
#define LANDBOOK_SERVICES_REGISTRY_DUE_DATES_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <utility>

#include "landbook/v1/case.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// Sets Case.due_date of those that are open and whose clock runs, by the pack of their acceptance.
// Costs a look at the calendar, and reading a pack once where one governs that is in force no more.
// Gives true, or the refusals of a book that cannot be read.
common::Outcome<bool> FillDates(const Book& book, const common::CallContext& call,
                                google::protobuf::RepeatedPtrField<v1::Case>* cases);
// Sets Caution.lapse_date of those that stand and that law lets lapse without a step, by the pack
// in force.
common::Outcome<bool> FillDates(const Book& book, const common::CallContext& call,
                                google::protobuf::RepeatedPtrField<v1::Caution>* cautions);

// What was found, with its days.
template <typename Record>
common::Outcome<Record> WithDates(const Book& book, const common::CallContext& call,
                                  common::Outcome<Record> found) {
  if (!found.ok()) return found;
  google::protobuf::RepeatedPtrField<Record> records;
  *records.Add() = *std::move(found);
  auto filled = FillDates(book, call, &records);
  if (!filled.ok()) return std::move(filled.refusals());
  return std::move(*records.Mutable(0));
}

// A list, with the days of the records in the repeated field that `field` gives.
template <typename Response, typename Field>
common::Outcome<Response> WithDates(const Book& book, const common::CallContext& call,
                                    common::Outcome<Response> listed, Field field) {
  if (!listed.ok()) return listed;
  auto filled = FillDates(book, call, field(*listed));
  if (!filled.ok()) return std::move(filled.refusals());
  return listed;
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_DUE_DATES_H_
