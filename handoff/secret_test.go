package handoff_test

import (
	"strings"
	"testing"

	"supportbot/handoff"
)

func TestPassword(t *testing.T) {
	hash := handoff.HashPassword("三号柜台 kettle")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q does not tell its cost in PHC form", hash)
	}
	if hash == handoff.HashPassword("三号柜台 kettle") {
		t.Error("two hashes of one password are equal: no fresh salt")
	}
	if !handoff.CheckPassword(hash, "三号柜台 kettle") {
		t.Error("the right password is refused")
	}
	if handoff.CheckPassword(hash, "三号柜台 kettles") {
		t.Error("a wrong password is accepted")
	}
}

// The hash was made by the reference implementation in C.
func TestPasswordOfAnotherCost(t *testing.T) {
	hash := "$argon2id$v=19$m=4096,t=3,p=2$c2FsdHNhbHRzYWx0c2FsdA$BPLyWyvnAcpmA7B4Brd/0YfLNtAXIiKNyEMWc7UqNQw"
	if !handoff.CheckPassword(hash, "correct horse") || handoff.CheckPassword(hash, "battery staple") {
		t.Error("a hash of another cost is not checked by its own parameters")
	}
}

func TestDamagedHashAcceptsNothing(t *testing.T) {
	good := handoff.HashPassword("x")
	for _, hash := range []string{
		"", "$argon2id$",
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "m=19456", "m=4294967295", 1),
		good[:strings.LastIndex(good, "$")+1],
	} {
		if handoff.CheckPassword(hash, "x") {
			t.Errorf("damaged hash %q accepts a password", hash)
		}
	}
}

func TestToken(t *testing.T) {
	token, sum := handoff.NewToken()
	if !strings.HasPrefix(token, "sb_") || len(token) != 3+43 {
		t.Errorf("token %q is not sb_ and 32 bytes in base64url", token)
	}
	if handoff.SumToken(token) != sum {
		t.Error("the sum of a token is not that of its making")
	}
	if again, _ := handoff.NewToken(); again == token {
		t.Error("two tokens are equal")
	}
}
