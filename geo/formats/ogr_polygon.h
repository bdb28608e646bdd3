// Between GDAL's geometries and raw boundaries. For the .cc files of this room only: its types are
// GDAL's.
#ifndef LANDBOOK_GEO_FORMATS_OGR_POLYGON_H_
#define LANDBOOK_GEO_FORMATS_OGR_POLYGON_H_

#include <memory>

#include "geo/formats/layer_reader.h"
#include "ogr_geometry.h"

namespace landbook::geo {

// Puts the geometry into the row: its state, rings as they are, and the problem that it is not a
// polygon or has too many vertices. A null pointer is a null geometry. Curves are not stroked: an
// arc is no boundary of the book, and where its vertices should lie is the surveyor's to say.
void PutGeometry(const OGRGeometry* geometry, Row& row);

// The boundary as a polygon, or as a multipolygon when it has other than one part.
std::unique_ptr<OGRGeometry> OgrPolygonOf(const RawBoundary& boundary);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_OGR_POLYGON_H_
