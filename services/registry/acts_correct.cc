// Correction (更正登记): the act inside is decided as usual, and the journal says that nothing
// passed.
#include "services/registry/acts.h"
#include "services/registry/acts_entry.h"
#include "services/registry/acts_transfer.h"

namespace landbook::registry {

void Decide(const v1::Correct& act, ActContext* context) {
  context->record().set_correction(true);
  context->record().set_ground(act.ground());
  switch (act.target_case()) {
    case v1::Correct::kPlot: {
      const InnerField inner("plot", context);
      return Decide(act.plot(), context);
    }
    case v1::Correct::kParty: {
      const InnerField inner("party", context);
      return Decide(act.party(), context);
    }
    case v1::Correct::kRight: {
      const InnerField inner("right", context);
      return Decide(act.right(), context);
    }
    case v1::Correct::kHolders: {
      const InnerField inner("holders", context);
      return Decide(act.holders(), context);
    }
    case v1::Correct::TARGET_NOT_SET:
      return context->Refuse(
          Reason::ONEOF_REQUIRED, "",
          {"The correction says nothing. Set a plot, a party, a right or holders.",
           "更正内容为空，请填写宗地、主体、权利或权利人之一。"});
  }
}

}  // namespace landbook::registry
