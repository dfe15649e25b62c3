package channels

import (
	"fmt"
	"runtime/debug"
)

// Guard runs f and makes a panic an error, with its place. net/http does so for
// requests; what a channel runs beside them would end the program.
func Guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return f()
}
