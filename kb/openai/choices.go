package openai

import (
	"encoding/json"
	"fmt"
)

// none is the choice of nothing.
const none = "none"

// choiceSchema is the schema of an answer that is one of these ids.
func choiceSchema(ids []string) string {
	enum, _ := json.Marshal(ids) // strings
	return fmt.Sprintf(`{"type":"object","properties":{"choice":{"type":"string","enum":%s}},"required":["choice"],"additionalProperties":false}`, enum)
}
