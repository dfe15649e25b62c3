package kb

import "strings"

// typos puts right what input methods and hurried fingers make of the words
// that matter most here, and simplifies the commonest traditional characters.
// It runs on lower-case text between spaces.
var typos = strings.NewReplacer(
	"邦卡", "绑卡", "帮卡", "绑卡", "榜卡", "绑卡", "绑咔", "绑卡", "绑钉", "绑定", "邦定", "绑定", "帮定", "绑定",
	"密吗", "密码", "蜜码", "密码", "密妈", "密码", "秘码", "密码", "密玛", "密码",
	"炸骗", "诈骗", "诈片", "诈骗", "乍骗", "诈骗", "被片了", "被骗了", "被偏了", "被骗了", "盗唰", "盗刷",
	"人功", "人工", "人公", "人工", "课服", "客服", "可服", "客服",
	"帐", "账", "限恩", "限额", "失拜", "失败", "刷咔", "刷卡", "银行咔", "银行卡", "交意", "交易",
	"poss机", "pos机", "pose机", "pos机", "破斯机", "pos机", "泡司机", "pos机",
	"拉卡啦", "拉卡拉", "啦卡啦", "拉卡拉", "盛富通", "盛付通", "盛付同", "盛付通", "瑞银新", "瑞银信", "瑞引信", "瑞银信",
	"pasword", "password", "passwrod", "password", "passward", "password", "termnal", "terminal", "terminial", "terminal",
	"scamed", "scammed", "costumer", "customer", " dont ", " don't ", " cant ", " can't ", " doesnt ", " doesn't ",
	" didnt ", " didn't ", " isnt ", " isn't ", " havent ", " haven't ", " wont ", " won't ",
	"綁", "绑", "碼", "码", "機", "机", "銀", "银", "騙", "骗", "詐", "诈", "盜", "盗", "錢", "钱", "轉", "转", "帳", "账", "賬", "账",
	"號", "号", "戶", "户", "費", "费", "證", "证", "驗", "验", "認", "认", "請", "请", "謝", "谢", "問", "问", "題", "题", "時", "时",
	"間", "间", "辦", "办", "嗎", "吗", "麼", "么", "這", "这", "個", "个", "對", "对", "錯", "错", "還", "还", "沒", "没", "說", "说",
	"換", "换", "現", "现", "會", "会", "額", "额", "電", "电", "話", "话", "務", "务", "議", "议", "協", "协", "規", "规", "別", "别",
)
