// The kind under which the journal and the state keep each type of record (proto/landbook/v1).
#ifndef LANDBOOK_SERVICES_COMMON_RECORD_KIND_H_
#define LANDBOOK_SERVICES_COMMON_RECORD_KIND_H_

#include "landbook/v1/act.pb.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/case.pb.h"
#include "landbook/v1/control.pb.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/party.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/resolution.pb.h"
#include "landbook/v1/right.pb.h"

namespace landbook::common {

// A message's kind of record; RECORD_KIND_UNSPECIFIED for a message that is no record.
template <typename Record>
inline constexpr v1::RecordKind kKindOf = v1::RECORD_KIND_UNSPECIFIED;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Party> = v1::RECORD_KIND_PARTY;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Plot> = v1::RECORD_KIND_PLOT;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Unit> = v1::RECORD_KIND_UNIT;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Right> = v1::RECORD_KIND_RIGHT;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Contract> = v1::RECORD_KIND_CONTRACT;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Mortgage> = v1::RECORD_KIND_MORTGAGE;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Caution> = v1::RECORD_KIND_CAUTION;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Certificate> = v1::RECORD_KIND_CERTIFICATE;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Appointment> = v1::RECORD_KIND_APPOINTMENT;
template <>
inline constexpr v1::RecordKind kKindOf<v1::AdoptedPack> = v1::RECORD_KIND_PACK;
template <>
inline constexpr v1::RecordKind kKindOf<v1::ControlLayer> = v1::RECORD_KIND_CONTROL_LAYER;
template <>
inline constexpr v1::RecordKind kKindOf<v1::ControlShape> = v1::RECORD_KIND_CONTROL_SHAPE;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Case> = v1::RECORD_KIND_CASE;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Application> = v1::RECORD_KIND_APPLICATION;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Resolution> = v1::RECORD_KIND_RESOLUTION;
template <>
inline constexpr v1::RecordKind kKindOf<v1::Filing> = v1::RECORD_KIND_FILING;
template <>
inline constexpr v1::RecordKind kKindOf<v1::RankAgreement> = v1::RECORD_KIND_RANK_AGREEMENT;
template <>
inline constexpr v1::RecordKind kKindOf<v1::FundAdvance> = v1::RECORD_KIND_FUND_ADVANCE;
template <>
inline constexpr v1::RecordKind kKindOf<v1::CalendarDay> = v1::RECORD_KIND_CALENDAR_DAY;
template <>
inline constexpr v1::RecordKind kKindOf<v1::BookRecord> = v1::RECORD_KIND_BOOK;

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_RECORD_KIND_H_
