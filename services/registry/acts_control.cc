// Control layers (管控图层): a version begins, its shapes come in, and it is complete. Nothing of
// an earlier version is touched, so that the book says of any day what was in force.
#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "services/common/control_rules.h"
#include "services/registry/acts.h"
#include "services/registry/control_layers.h"
#include "services/registry/record_codes.h"

namespace landbook::registry {
namespace {

// Boundaries are checked by the import, outside the writer, so that an act by hand has none.
bool ComesFromImport(ActContext* context) {
  if (context->facts().from_import) return true;
  context->Refuse(Reason::CONTROL_LAYER_BY_IMPORT_ONLY, "",
                  {"Control layers come into the book by an import only. Use landbook import "
                   "--control.",
                   "管控图层只能通过导入入库，请使用 landbook import --control。"});
  return false;
}

// The version, for an act that goes on with it; refused, and nullopt, when it is not there or
// whole.
std::optional<Loaded<v1::ControlLayer>> LoadPreparing(std::uint64_t number, ActContext* context) {
  auto layer = context->Find<v1::ControlLayer>(number);
  if (!layer) {
    context->Refuse(Reason::REFERENCE_UNRESOLVED, "layer",
                    {fmt::format("The book has no control layer with number {}.", number),
                     fmt::format("登记簿中没有编号 {} 的管控图层版本。", number)});
    return std::nullopt;
  }
  if (layer->record.state() == v1::CONTROL_LAYER_STATE_PREPARING) return layer;
  context->Refuse(
      Reason::CONTROL_LAYER_COMPLETE, "layer",
      {fmt::format("Version {} of layer {} is complete and never changes. Import a new version.",
                   layer->record.version(), layer->record.layer()),
       fmt::format("图层“{}”第 {} 版已完整入库，不再变更。请导入新版本。", layer->record.layer(),
                   layer->record.version())});
  return std::nullopt;
}

// One more than the last version of the layer.
std::uint32_t NextVersion(const std::string& layer, const ActContext& context) {
  std::uint32_t last = 0;
  context.state().Scan(TableKey(Table::kControlLayer),
                       [&](std::string_view, std::uint64_t, std::string_view value) {
                         v1::ControlLayer other;
                         other.ParseFromArray(value.data(), static_cast<int>(value.size()));
                         if (other.layer() == layer) last = std::max(last, other.version());
                         return true;
                       });
  return last + 1;
}

}  // namespace

void Decide(const v1::BeginControlLayer& act, ActContext* context) {
  if (!ComesFromImport(context)) return;
  const v1::ControlSource& source = act.source();
  if (common::ControlRuleOf(source.layer()) == nullptr) {
    return context->Refuse(Reason::CONTROL_LAYER_UNKNOWN, "source.layer",
                           {fmt::format("There is no control layer \"{}\".", source.layer()),
                            fmt::format("没有管控图层“{}”。", source.layer())},
                           "docs/control-layers.md");
  }
  v1::ControlLayer layer;
  layer.set_layer(source.layer());
  layer.set_version(NextVersion(source.layer(), *context));
  layer.set_effective_date(source.effective_date());
  layer.set_document_number(source.document_number());
  layer.set_source(act.source_name());
  layer.set_digest(act.digest());
  layer.set_state(v1::CONTROL_LAYER_STATE_PREPARING);
  context->Create(layer);
}

void Decide(const v1::AddControlShapes& act, ActContext* context) {
  if (!ComesFromImport(context)) return;
  const std::size_t before = context->refusal_count();
  auto layer = LoadPreparing(act.layer(), context);
  if (!layer) return;
  for (int i = 0; i < act.shapes_size(); ++i) {
    CheckKeyText(act.shapes(i).code(), fmt::format("shapes[{}].code", i), context);
  }
  if (context->refusal_count() != before) return;
  for (const v1::ControlShape& given : act.shapes()) {
    v1::ControlShape shape = given;
    shape.set_layer(layer->number);
    context->Create(shape);
  }
  layer->record.set_shapes(layer->record.shapes() + static_cast<std::uint32_t>(act.shapes_size()));
  context->Put(layer->number, layer->record);
}

void Decide(const v1::CompleteControlLayer& act, ActContext* context) {
  if (!ComesFromImport(context)) return;
  auto layer = LoadPreparing(act.layer(), context);
  if (!layer) return;
  if (layer->record.shapes() != act.shapes()) {
    return context->Refuse(
        Reason::CONTROL_SHAPES_MISSING, "shapes",
        {fmt::format("{} shapes were sent, and the book has {} of them. Run the import again.",
                     act.shapes(), layer->record.shapes()),
         fmt::format("已发送 {} 个图斑，登记簿中有 {} 个。请重新导入。", act.shapes(),
                     layer->record.shapes())});
  }
  layer->record.set_rows_left_out(act.rows_left_out());
  layer->record.set_state(v1::CONTROL_LAYER_STATE_WHOLE);
  context->Put(layer->number, layer->record);
}

}  // namespace landbook::registry
