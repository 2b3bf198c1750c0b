package transport

import "fmt"

// MaxCall is the largest request or answer of a call, in bytes.
const MaxCall = 64 << 20

// maxName bounds the names of modules, operations and subscriptions, and with
// them those of what a road keeps under them.
const maxName = 63

// maxType bounds the name of an event or command.
const maxType = 200

// CheckModule returns ErrInvalid unless name can name a module: a letter, then
// letters, digits and underscores of ASCII, 63 bytes at most.
func CheckModule(name string) error {
	ok := name != "" && len(name) <= maxName
	for i := 0; ok && i < len(name); i++ {
		c := name[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		ok = letter || i > 0 && ('0' <= c && c <= '9' || c == '_')
	}
	if !ok {
		return fmt.Errorf("%w: a module is named by a letter, then letters, digits and underscores, %d at most, not %q", ErrInvalid, maxName, name)
	}
	return nil
}

// CheckTopic returns ErrInvalid unless messages can be published to the topic.
func CheckTopic(t Topic) error {
	if err := CheckModule(t.From); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	if t.To == "" {
		return nil
	}
	if err := CheckModule(t.To); err != nil {
		return fmt.Errorf("receiver: %w", err)
	}
	return nil
}

// CheckPublish returns ErrInvalid if the arguments of Publish break its contract.
func CheckPublish(t Topic, messages []Message) error {
	if err := CheckTopic(t); err != nil {
		return err
	}
	for i := range messages {
		m := &messages[i]
		if m.Number == 0 || m.After >= m.Number {
			return fmt.Errorf("%w: message %d of %s comes after message %d; numbers begin at one and grow", ErrInvalid, m.Number, t, m.After)
		}
		if m.Type == "" || len(m.Type) > maxType {
			return fmt.Errorf("%w: the type of message %d of %s has %d bytes; it has 1 to %d", ErrInvalid, m.Number, t, len(m.Type), maxType)
		}
	}
	return nil
}

// CheckSubscribe returns ErrInvalid if the arguments of Subscribe break its
// contract.
func CheckSubscribe(t Topic, name string, hasTake bool) error {
	checked := t
	if checked.From == "" {
		checked.From = checked.To
	}
	if err := CheckTopic(checked); err != nil {
		return err
	}
	if err := checkName("subscription", name); err != nil {
		return err
	}
	if !hasTake {
		return fmt.Errorf("%w: subscription %s to %s has no function that takes messages", ErrInvalid, name, t)
	}
	return nil
}

// CheckCall returns ErrInvalid if the arguments of Call or Answer break the
// contract.
func CheckCall(module, operation string, request []byte) error {
	if err := CheckModule(module); err != nil {
		return err
	}
	if err := checkName("operation", operation); err != nil {
		return err
	}
	if len(request) > MaxCall {
		return fmt.Errorf("%w: the request of %s to %s has %d bytes; %d is the most", ErrInvalid, operation, module, len(request), MaxCall)
	}
	return nil
}

func checkName(what, name string) error {
	if name == "" || len(name) > maxName {
		return fmt.Errorf("%w: the name of a %s has 1 to %d bytes, not %q", ErrInvalid, what, maxName, name)
	}
	return nil
}
