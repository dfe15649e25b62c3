package channels

// Finding is what came of looking at one thing at a provider.
type Finding struct {
	What   string // what was looked at
	Remedy string // what to do about it; "" if all is well
}
