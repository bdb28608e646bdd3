// A registry in this process that keeps cases as a book does, and nothing else: it remembers
// commits by caller and request id, can lose an answer after it did the work, and refuses what a
// test tells it to.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_FAKE_REGISTRY_TESTING_H_
#define LANDBOOK_SERVICES_CONVEYANCE_FAKE_REGISTRY_TESTING_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"

namespace landbook::conveyance {

using common::CallContext;
using common::CallFrame;
using common::Outcome;

// What a test sets is set before calls are made; what it reads is read after they were answered.
class FakeRegistry final : public v1::RegistryService::CallbackService {
 public:
  using Unary = grpc::ServerUnaryReactor;
  using Context = grpc::CallbackServerContext;

  explicit FakeRegistry(const common::FrameParts& parts)
      : frame_(parts,
               *v1::CommitRequest::descriptor()->file()->FindServiceByName("RegistryService")) {}

  // --- What tests set ---------------------------------------------------------------------------
  std::vector<std::string> chain;           // of every pack
  std::map<std::uint64_t, v1::Case> cases;  // by number
  std::map<std::uint64_t, v1::Application> applications;
  std::vector<v1::CalendarDay> calendar;
  std::vector<v1::Caution> cautions;  // those that can lapse
  std::vector<v1::Plot> plots;
  std::vector<v1::Right> rights;  // their unit is the number of their plot
  std::vector<v1::County> counties;
  v1::CommitResponse validated;  // the answer to validate_only
  common::RefusalList refused;   // the answer to every commit, when not empty
  int answers_to_lose = 0;       // commits that are done and not answered

  // --- What tests read --------------------------------------------------------------------------
  std::vector<v1::CommitRequest> commits;  // all that came, those refused too
  std::vector<v1::Actor> actors;           // who made them
  std::uint64_t sequence = 10;             // the last entry
  v1::ReadOptions last_read;

  Unary* GetPack(Context* context, const v1::GetPackRequest* request,
                 v1::AdoptedPack* response) override {
    return Serve(
        context, "GetPack", request, response,
        [this](const CallContext&, const v1::GetPackRequest& asked) -> Outcome<v1::AdoptedPack> {
          if (asked.county() != "370303") return NoSuch("county");
          v1::AdoptedPack pack;
          for (const std::string& text : chain) pack.add_chain(text);
          return pack;
        });
  }

  Unary* Commit(Context* context, const v1::CommitRequest* request,
                v1::CommitResponse* response) override {
    return Serve(context, "Commit", request, response,
                 [this](const CallContext& call, const v1::CommitRequest& asked) {
                   return Decide(call, asked);
                 });
  }

  Unary* GetCase(Context* context, const v1::GetCaseRequest* request, v1::Case* response) override {
    return Serve(context, "GetCase", request, response,
                 [this](const CallContext&, const v1::GetCaseRequest& asked) -> Outcome<v1::Case> {
                   const auto found = cases.find(std::stoull(asked.case_()));
                   if (found == cases.end()) return NoSuch("case");
                   return found->second;
                 });
  }

  Unary* GetApplication(Context* context, const v1::GetApplicationRequest* request,
                        v1::Application* response) override {
    return Serve(context, "GetApplication", request, response,
                 [this](const CallContext&,
                        const v1::GetApplicationRequest& asked) -> Outcome<v1::Application> {
                   last_read = asked.read();
                   return applications[asked.case_()];
                 });
  }

  // A case a page, so that whoever lists them has to turn pages.
  Unary* ListCases(Context* context, const v1::ListCasesRequest* request,
                   v1::ListCasesResponse* response) override {
    return Serve(context, "ListCases", request, response,
                 [this](const CallContext&,
                        const v1::ListCasesRequest& asked) -> Outcome<v1::ListCasesResponse> {
                   v1::ListCasesResponse page;
                   std::uint64_t from =
                       asked.page_token().empty() ? 0 : std::stoull(asked.page_token());
                   for (const auto& [number, the_case] : cases) {
                     if (number < from || !IsIn(the_case.state(), asked)) continue;
                     if (page.cases_size() == 1) {
                       page.set_next_page_token(std::to_string(number));
                       break;
                     }
                     *page.add_cases() = the_case;
                   }
                   return page;
                 });
  }

  Unary* ListCautions(Context* context, const v1::ListCautionsRequest* request,
                      v1::ListCautionsResponse* response) override {
    return Serve(context, "ListCautions", request, response,
                 [this](const CallContext&,
                        const v1::ListCautionsRequest&) -> Outcome<v1::ListCautionsResponse> {
                   v1::ListCautionsResponse page;
                   page.mutable_cautions()->Assign(cautions.begin(), cautions.end());
                   return page;
                 });
  }

  Unary* ListCalendarDays(Context* context, const v1::ListCalendarDaysRequest* request,
                          v1::ListCalendarDaysResponse* response) override {
    return Serve(
        context, "ListCalendarDays", request, response,
        [this](const CallContext&,
               const v1::ListCalendarDaysRequest& asked) -> Outcome<v1::ListCalendarDaysResponse> {
          v1::ListCalendarDaysResponse days;
          for (const v1::CalendarDay& day : calendar) {
            if (day.date() >= asked.from_date() && day.date() <= asked.until_date()) {
              *days.add_days() = day;
            }
          }
          return days;
        });
  }

  Unary* ListCounties(Context* context, const v1::ListCountiesRequest* request,
                      v1::ListCountiesResponse* response) override {
    return Serve(context, "ListCounties", request, response,
                 [this](const CallContext&,
                        const v1::ListCountiesRequest&) -> Outcome<v1::ListCountiesResponse> {
                   v1::ListCountiesResponse page;
                   page.mutable_counties()->Assign(counties.begin(), counties.end());
                   return page;
                 });
  }

  Unary* GetUnit(Context* context, const v1::GetUnitRequest* request, v1::Unit* response) override {
    return Serve(context, "GetUnit", request, response,
                 [](const CallContext&, const v1::GetUnitRequest& asked) -> Outcome<v1::Unit> {
                   v1::Unit unit;
                   unit.set_number(std::stoull(asked.unit()));
                   unit.set_plot(unit.number());
                   return unit;
                 });
  }

  Unary* GetPlot(Context* context, const v1::GetPlotRequest* request, v1::Plot* response) override {
    return Serve(context, "GetPlot", request, response,
                 [this](const CallContext&, const v1::GetPlotRequest& asked) -> Outcome<v1::Plot> {
                   for (const v1::Plot& plot : plots) {
                     if (std::to_string(plot.number()) == asked.plot()) return plot;
                   }
                   return NoSuch("plot");
                 });
  }

  Unary* ListPlots(Context* context, const v1::ListPlotsRequest* request,
                   v1::ListPlotsResponse* response) override {
    return Serve(context, "ListPlots", request, response,
                 [this](const CallContext&,
                        const v1::ListPlotsRequest& asked) -> Outcome<v1::ListPlotsResponse> {
                   v1::ListPlotsResponse page;
                   for (const v1::Plot& plot : plots) {
                     if (plot.division().starts_with(asked.division())) *page.add_plots() = plot;
                   }
                   return page;
                 });
  }

  Unary* ListRights(Context* context, const v1::ListRightsRequest* request,
                    v1::ListRightsResponse* response) override {
    return Serve(context, "ListRights", request, response,
                 [this](const CallContext&,
                        const v1::ListRightsRequest& asked) -> Outcome<v1::ListRightsResponse> {
                   v1::ListRightsResponse page;
                   for (const v1::Right& right : rights) {
                     if (std::to_string(right.unit()) == asked.plot()) *page.add_rights() = right;
                   }
                   return page;
                 });
  }

  Unary* BatchGetRights(Context* context, const v1::BatchGetRightsRequest* request,
                        v1::BatchGetRightsResponse* response) override {
    return Serve(
        context, "BatchGetRights", request, response,
        [this](const CallContext&,
               const v1::BatchGetRightsRequest& asked) -> Outcome<v1::BatchGetRightsResponse> {
          last_read = asked.read();
          v1::BatchGetRightsResponse found;
          for (const std::uint64_t number : asked.rights()) {
            v1::Right& right = *found.add_rights();
            right.set_number(number);
            right.set_etag(asked.read().has_sequence() ? "as-of" : "now");
          }
          return found;
        });
  }

 private:
  static v1::Refusal NoSuch(const char* what) {
    return common::Refuse(common::Reason::RECORD_NOT_FOUND, what,
                          {fmt::format("There is no such {}.", what), "没有该记录。"});
  }

  static bool IsIn(v1::CaseState state, const v1::ListCasesRequest& asked) {
    for (const int wanted : asked.states()) {
      if (wanted == state) return true;
    }
    return asked.states().empty();
  }

  template <class Request, class Response, class Handler>
  Unary* Serve(Context* context, const char* method, const Request* request, Response* response,
               Handler handler) {
    return frame_.Unary({context, method}, request, response, CallFrame::Run::kInline, handler);
  }

  Outcome<v1::CommitResponse> Decide(const CallContext& call, const v1::CommitRequest& asked) {
    commits.push_back(asked);
    actors.push_back(call.actor);
    if (asked.validate_only()) return validated;
    const std::pair key(call.actor.principal(), asked.commit().request_id());
    auto known = remembered_.find(key);
    if (known == remembered_.end()) {
      if (!refused.empty()) return refused;
      known = remembered_.emplace(key, Enter(asked.commit())).first;
    }
    if (answers_to_lose > 0) {
      --answers_to_lose;
      return common::ShuttingDown();
    }
    return known->second;
  }

  v1::CommitResponse Enter(const v1::Commit& commit) {
    v1::CommitResponse response;
    response.set_sequence(++sequence);
    for (const v1::Act& act : commit.acts()) {
      const std::uint64_t number = TakeOn(act);
      if (number == 0) continue;
      cases[number].set_number(number);
      cases[number].set_etag(std::to_string(sequence));
      auto& record = *response.add_results()->add_records();
      record.set_kind(v1::RECORD_KIND_CASE);
      record.set_number(number);
    }
    return response;
  }

  // The case that the act is a step of, as far as this fake knows steps; 0 for none.
  std::uint64_t TakeOn(const v1::Act& act) {
    if (act.has_accept_case()) {
      const std::uint64_t number = cases.empty() ? 1 : cases.rbegin()->first + 1;
      cases[number].set_state(v1::CASE_STATE_ACCEPTED);
      applications[number] = act.accept_case().application();
      return number;
    }
    if (act.has_review_case()) return act.review_case().case_().number();
    if (act.has_register_case()) {
      const std::uint64_t number = act.register_case().case_().number();
      cases[number].set_state(v1::CASE_STATE_REGISTERED);
      cases[number].set_registered_sequence(sequence);
      return number;
    }
    return 0;
  }

  CallFrame frame_;
  std::map<std::pair<std::string, std::string>, v1::CommitResponse> remembered_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_FAKE_REGISTRY_TESTING_H_
