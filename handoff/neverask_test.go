package handoff_test

import (
	"errors"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

func TestAgentsMayNotAsk(t *testing.T) {
	for _, text := range []string{
		"请把您的密码告诉我",
		"您好，麻烦把验证码发给我，我帮您操作",
		"您收到的验证码，发我一下",
		"您手机上的验证码是多少？",
		"报一下完整卡号",
		"卡号是多少",
		"请提供一下您的PIN码",
		"别担心，把支付密码发给我就行",
		"不用密码，把短信验证码发过来就可以",
		"您的密码呢？",
		"卡背面三位数字告诉我",
		"收到验证码后发给我",
		"把密码截图给我",
		"请在这里输入您的密码",
		"您把ＣＶＶ念一下",
		"登录密码是什么",
		"Please tell me your PIN",
		"What is your password?",
		"Could you read me the verification code you just received?",
		"Can I have your full card number?",
		"I need your CVV to go on.",
		"Don't worry, send me the code: your SMS code, please tell me",
		"Type your password here",
		"Reply with the six-digit code",
		"Your PIN?",
		"You will get a text code, give it to me when it comes",
		"Please confirm your password so that I can check",
	} {
		if err := handoff.NeverAsk(text, nil); err == nil {
			t.Errorf("%q may be sent", text)
		}
	}
}

func TestAgentsMaySay(t *testing.T) {
	for _, text := range []string{
		"请不要把密码告诉任何人",
		"请勿将验证码发给我或任何人。",
		"我们不会问您要密码和验证码。",
		"卡号后四位是多少？",
		"麻烦报一下结算卡的尾号",
		"请您自己在POS机上输入密码，我等您",
		"密码改好了告诉我一声",
		"改好密码后告诉我",
		"重置密码要几分钟，请稍等",
		"系统会给您发一条验证码，请留意短信",
		"收到验证码了吗？",
		"您是说密码输错了三次吗？",
		"您的商户号是多少？",
		"什么时候开始绑卡失败的？",
		"骗子问您要密码了吗？别理他。",
		"千万别把密码告诉别人",
		"Never tell anybody your PIN.",
		"Please never tell anybody your PIN, and call us if somebody asks.",
		"What are the last four digits of your card number?",
		"We will never ask for your password.",
		"Enter your PIN on the terminal yourself.",
		"Have you changed the password?",
		"Let me know when you have changed your password.",
		"The bank sends you a verification code by SMS.",
		"Do not give the code to me or anybody else.",
		"What is your merchant number?",
		"Did somebody ask you for your PIN?",
		"您好，我是客服小李，请问怎么帮您？",
		"",
	} {
		if err := handoff.NeverAsk(text, nil); err != nil {
			t.Errorf("%q may not be sent", text)
		}
	}
}

func TestWhatHoldsASecretIsRefused(t *testing.T) {
	for kind, refused := range map[string]bool{"card": true, "password": true, "pin": true, "code": true, "cvv": true, "track": true, "phone": false, "expiry": false} {
		err := handoff.NeverAsk("好的", []string{kind})
		var unsafe *handoff.Unsafe
		if errors.As(err, &unsafe) != refused {
			t.Errorf("%s: %v", kind, err)
		}
		if refused && (unsafe.Say[supportbot.Chinese] == "" || unsafe.Say[supportbot.English] == "") {
			t.Errorf("%s is refused without a word why", kind)
		}
	}
}
