package handoff

import "time"

// WrapUpLimit is how long after the end of a case its last owner may still give
// it a code, or another one.
const WrapUpLimit = 10 * time.Minute
