// Package exporter writes storms in the formats of other tools:
//
//   - [JSON]: the model itself, with its schema; it can be read back
//   - [AsyncAPI]: a document of AsyncAPI 3.0 for a module: the events that it
//     publishes, the commands that it accepts, and what it hears and sends
//   - [CML]: Context Mapper's language, with the context map
//   - [EventCatalog]: the folder of a catalog
//
// All of them are deterministic, and safe for concurrent use. What a format has
// no place for is left out: an interface has no hotspots.
// Only JSON keeps everything. Pictures, Mermaid among them, are drawn by the
// package draw.
package exporter

import (
	"github.com/landfall-go/landfall/storm/model"
)

// JSON returns the model as JSON. Its schema is storm/model/storm.schema.json.
func JSON(s *model.Storm) ([]byte, error) { return model.Marshal(s) }
