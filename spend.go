package supportbot

// ModelSpend is what questions to a language model use, or may use at most, in one
// day (UTC).
type ModelSpend struct {
	Tokens int64
	Cost   int64 // billionths of the currency of the prices
}

// ModelLimits are what may be spent in one day (UTC); 0 is any amount.
type ModelLimits struct {
	Conversation int64      // tokens, for one conversation
	All          ModelSpend // for all of them together
}
