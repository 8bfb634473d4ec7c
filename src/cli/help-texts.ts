/** What the help of the command line says of its verbs and options, by the English that stands beside each. */
const IN_CHINESE: Readonly<Record<string, string>> = {
  "Alerts: list, show, acknowledge, handle, close, snooze, route, escalate, deliver, test.":
    "预警：列出、查看、签收、处置、办结、暂缓提醒、转交、上报、发送、测试。",
  "List alerts, the worst first.": "列出预警，最严重的在前。",
  "Show an alert with everything that happened to it.": "查看一条预警及其全部经过。",
  "Say that an alert has been seen.": "签收一条预警。",
  "Say who does what about an alert, and by when.": "写明一条预警由谁处置、如何处置、何时完成。",
  "Close an alert; a note says why.": "办结一条预警，并说明原因。",
  "Keep an alert silent until a time.": "在某一时间之前暂缓提醒。",
  "Hand an alert to another owner.": "将预警转交其他责任单位。",
  "Escalate alerts that were not acknowledged or handled in time.":
    "上报逾期未签收、未处置的预警。",
  "Escalate what is overdue, and send what is due through the channels.":
    "上报逾期的预警，并通过各渠道发送到期的消息。",
  "Send a test alert through every channel.": "通过每个渠道发送一条测试预警。",
  "The journal of who looked up or changed what: list, verify.":
    "审计日志：谁查询、改动了什么；列出、校验。",
  "List entries of the journal, the newest last.": "列出审计日志，最新的在最后。",
  "Check that nothing in the journal was changed, moved or taken out.":
    "校验审计日志没有被改动、移动或删去。",
  "Queue every period of a span, in order; given again, it goes on where it was.":
    "将一段时间的各期依次排队；再次执行则接着进行。",
  "Compare earlier warnings with what came.": "将以往的预警与实际情况对照。",
  "Replay the warning rules and forecasts on history and write the tables into docs/.":
    "在历史数据上回放预警规则和预测，结果表写入 docs/。",
  "Say of each subject of a list whether it is restricted, why and until when.":
    "逐一说明名册中的主体是否受限、原因和期限。",
  "Score the same evidence by two standards: who moves and why, in a period and over its history. Nothing is published.":
    "用两个标准评价同一份数据：谁的名次变动、为何变动；不发布。",
  "Show which indicators can be computed from the data held, and for how many entities of each level.":
    "显示现有数据可以计算哪些指标、各层级有多少单位可评。",
  "Write the credit report of a body as HTML, PDF or JSON.":
    "出具一个单位的信用报告（HTML、PDF 或 JSON）。",
  "Show what changed since the period before, or since an earlier as-of of the same period, and why.":
    "显示与上期（或同一期较早的数据截至时间）相比的变动及原因。",
  "Say why an entity stands where it stands, down to records, files and lines.":
    "说明一个单位得分、名次的原因，直至记录、文件和行。",
  "Delete personal data whose retention is over from the database, raw and fetched files.":
    "从数据库、原始文件和取得的文件中删除保存期已满的个人信息。",
  "Make a workspace for a city of your own, with samples that run.":
    "为您的城市建立工作目录，附可运行的样例。",
  "Show the queues; add a run, show, list, retry or drop jobs.":
    "查看队列；添加运行，查看、列出、重试或撤下任务。",
  "Queue one run; the same question asked twice is one run.":
    "将一次运行排队；相同的请求只运行一次。",
  "List the jobs that have failed their last try.": "列出最终失败的任务。",
  "Show what the queue knows of a job, with its log.": "查看一个任务及其日志。",
  "Give failed jobs their tries anew; what waits for them goes on.":
    "重试失败的任务，等待它的后续步骤随之继续。",
  "Take failed jobs out for good; with a dead stage goes its run.":
    "撤下失败的任务；步骤撤下，其运行也撤下。",
  "Write the method report: weights in effect, correlation and redundancy, reliability, the ranking without each indicator, what one case can do, uncertainty.":
    "写出方法报告：实际权重、相关与冗余、信度、逐项剔除后的排名、一件个案能改变多少、不确定性。",
  "Work with procurement data of the Open Contracting Data Standard (OCDS).":
    "处理开放合同数据标准（OCDS）的采购数据。",
  "Merge the releases of a file into compiled releases, as the standard defines it, and print them as JSON.":
    "按标准将文件中的各次发布合并为汇编发布，以 JSON 输出。",
  "Show the files of a source by name, and what was set aside of them: restricted, for whoever puts deliveries right.":
    "按文件名显示一个数据源的文件和被隔离的行：限于负责更正报送的人员。",
  "Print a published ranking.": "显示已发布的排名。",
  "Dishonesty records: list, show, apply, apply-file, certificate, push.":
    "失信记录：列出、查看、办理事件、批量办理、出具证明、回传。",
  "List records of public bodies.": "列出机关的记录。",
  "Show a record with its events, deadlines and what may follow.":
    "查看一条记录的事件、期限和可办理的后续事项。",
  "Apply an event to a record.": "对一条记录办理一个事件。",
  "Apply the events of a file: NDJSON, or CSV when it ends in .csv.":
    "办理文件中的事件：NDJSON，以 .csv 结尾的为 CSV。",
  "Write the certificate of a repaired record.": "出具信用修复证明。",
  "Push results of objections and repairs back to the platform.": "将异议和修复的结果回传平台。",
  "Show public texts that are held back because they look like somebody's number or address, after a person has looked.":
    "经人工查看后，放行因疑似个人号码或地址而暂不公开的文字。",
  "Look at the working database, the raw files and what is published; make what is damaged anew, and keep the damaged.":
    "检查工作数据库、原始文件和已发布内容；重建损坏的部分，并保留损坏的原件。",
  "Rank a period under many draws of weights, methods and counts; write the draws down, or evaluate draws written down before.":
    "在权重、方法和计数的多次抽样下排名；写出抽样，或评价以前写出的抽样。",
  "Publish anew the periods that decisions on objections have changed, and write correction notices.":
    "重新发布因异议决定而变动的各期，并写出更正公告。",
  "Run a pipeline from its sources to the published report.": "运行一条流程，从数据源到发布报告。",
  "Fetch new files of the sources into the raw layer, as received.":
    "取得数据源的新文件，按原样存入原始层。",
  "Turn raw rows into conformed records; bad rows go to quarantine.":
    "将原始行转换为规范记录；有问题的行隔离。",
  "Record what each source gave, and run the checks.": "记录各数据源的报送情况，并运行检查。",
  "Compute the indicators of the period and its history.": "计算本期及历史各期的指标。",
  "Compute scores, ranks, contributions and reasons.": "计算得分、名次、贡献和原因。",
  "Judge debt and conduct by the warning rules, forecast them and raise alerts.":
    "按预警规则判断债务和履职情况，作出预测并发出预警。",
  "Write the reports, the data files and the manifest of the period.":
    "写出本期的报告、数据文件和清单。",
  "Start runs when their schedules are due; several of these do not double anything.":
    "按计划启动运行；同时开多个也不会重复。",
  "Serve the pages and the API of what is published, without Redis and without running anything.":
    "只提供已发布内容的网页和接口，不需要 Redis，不运行流程。",
  "Run scheduler, workers and web server in this process, until it is stopped.":
    "在本进程中运行调度、任务和网页服务，直到停止。",
  "Work on queued jobs in this process; any number of machines may, sharing Redis and DATA_DIR.":
    "在本进程中处理排队的任务；多台机器可共用 Redis 和 DATA_DIR。",
  "Ask a published period by SQL: one statement, or a shell without one.":
    "用 SQL 查询已发布的一期：一条语句，或不带语句进入交互。",
  "Show what is held: sources, runs, published periods.": "显示现有的数据源、运行和已发布的期次。",
  "Say which superseded publications, drafts, unused shared data files and log files are kept no longer; with --do, take them away.":
    "列出不再保留的旧发布、未发布的旧运行、不再使用的共用数据文件和旧日志；加 --do 则移走。",
  "Give out, list and revoke tokens of the web server and its API.":
    "发放、列出和吊销网页与接口的令牌。",
  "Make a token; it is shown this once.": "发放令牌；只显示这一次。",
  "Show the tokens given out; the secrets are kept nowhere.": "列出已发放的令牌；密钥不作保存。",
  "Take a token's rights, at once and for good.": "吊销令牌，立即生效，不可恢复。",
  "Read every source, pipeline, standard, indicator and check, and name each fault with its line.":
    "读取全部数据源、流程、标准、指标和检查的定义，指出每处错误及其行号。",
  "Prove a published period: signature, manifest, every file, chain and journal; with --rebuild by building it again.":
    "核验已发布的一期：签名、清单、每个文件、发布链和日志；加 --rebuild 则重新生成对照。",
  "End a file that was received: from now on its rows no longer count. --undo takes it back.":
    "停用已收到的文件，自此其行不再计入；--undo 恢复。",
  "print the result as JSON": "以 JSON 输出结果",
  "upper bound of the memory for data, as 700MB or 4GB": "数据所用内存的上限，如 700MB 或 4GB",
  "threads DuckDB may use": "DuckDB 可用的线程数",
  "name of a file in pipelines/": "pipelines/ 中的文件名",
  "time it happens; default: now, in the pipeline's zone": "发生的时间；默认为现在（流程所在时区）",
  "only those in this state": "只列此状态的",
  "only those of this body": "只列此单位的",
  "id of an alert, or the beginning of it": "预警编号，或其开头",
  "office that acts; never a person's name": "办理的单位，不写个人姓名",
  "what is to be remembered": "需要记录的内容",
  "what is done": "采取的措施",
  "the responsible body": "责任单位",
  "day by which it is done, as 2019-03-31": "完成日期，如 2019-03-31",
  "a day, or a day and time": "日期，或日期和时间",
  "owner named in the warning rules": "预警规则中所写的责任单位",
  "also what a channel refused for good, or was given up": "也包括渠道拒收或已放弃的",
  "body it is said to be of": "所写的单位",
  "owner it goes to; default: the first of the warning rules":
    "收到的责任单位；默认为预警规则的第一个",
  "office that sends it": "发送的单位",
  "only this action, or those below it, as alert": "只列此操作或其下的操作，如 alert",
  "only what this office did": "只列此单位所为",
  "only what was done to this": "只列对此对象所为",
  "only from this instant on, as 2019-01-31 or 2019-01-31T08:00:00Z":
    "只列此时刻之后的，如 2019-01-31 或 2019-01-31T08:00:00Z",
  "the newest so many": "最新的若干条",
  "sequence and hash of an entry, as verify printed them": "某条日志的序号和散列值，如 verify 所示",
  "first period": "第一期",
  "last period": "最后一期",
  'what was known at this time counts: 2019-01-10 or "2019-01-10 08:00:00"':
    '按此时已知的数据：2019-01-10 或 "2019-01-10 08:00:00"',
  "runs under way at once": "同时进行的运行数",
  "run what is done already once more": "已完成的也再运行一次",
  "file to write, relative to the workspace": "写出的文件（相对工作目录）",
  "folder with city_macro_fiscal.csv of China's prefectures, which is not bundled":
    "含各地级市 city_macro_fiscal.csv 的文件夹（未随程序提供）",
  "month 2018-06, quarter 2018-Q2 or year 2018": "月 2018-06、季 2018-Q2 或年 2018",
  "what the answer is for": "查询的用途",
  "write every answer to this file: CSV, or JSON when it ends in .json":
    "将全部结果写入此文件：CSV，以 .json 结尾的为 JSON",
  "CSV with a column of codes or of names": "含代码列或名称列的 CSV",
  "two standards: names in metrics/standards, or files ending in .yaml":
    "两个标准：metrics/standards 中的名称，或以 .yaml 结尾的文件",
  "file to write; its ending says what: .html, .pdf or .json":
    "写出的文件，格式由后缀决定：.html、.pdf 或 .json",
  "language a PDF is in and a page opens in": "PDF 的语言和网页打开时的语言",
  "what the report is asked for, as it says itself": "报告上写明的查询用途",
  "body the report goes to; default: the issuing office's own files":
    "报告出具给哪个单位；默认为出具机关自存",
  "code or name, Chinese or English": "代码或名称，中英文均可",
  "movement since the period before, or last year's": "与上期或上年同期相比的变动",
  "list the records behind an indicator, with file, line and hash":
    "列出一项指标所依据的记录及其文件、行和散列值",
  "most records to list": "最多列出的记录数",
  "a folder that does not exist yet, or is empty": "尚不存在的或空的文件夹",
  "make a new run even when this one is there": "即使已有此运行也另建新的",
  "id of the job": "任务编号",
  "every failed job": "全部失败的任务",
  "ids of the jobs": "任务编号（可多个）",
  "another standard than the pipeline's: a name or a file ending in .yaml":
    "改用其他标准：名称，或以 .yaml 结尾的文件",
  "instead of the standard's number; rounded up to an even one": "代替标准所写的次数；向上取为偶数",
  "where to write the page; default: method/<pipeline>/<period>.html in the jurisdiction's folder":
    "网页写到何处；默认为辖区文件夹的 method/<流程>/<期>.html",
  "JSON or JSON Lines, gzipped or not, or a ZIP of these: releases, or release or record packages":
    "JSON 或 JSON Lines（可用 gzip 压缩，或打成 ZIP）：发布，或发布包、记录包",
  "rows shown": "显示的行数",
  "office that looks, never a person": "查看的单位，不写个人",
  "name of a file in pipelines/, where several use the source":
    "多条流程使用同一数据源时，写明 pipelines/ 中的文件名",
  "id of the source": "数据源编号",
  "only this level or peer class": "只列此层级或同类组",
  "with the sentence that says what moved each": "附各单位变动原因的一句话",
  "time that counts; default: now, in the pipeline's zone":
    "以此时间为准；默认为现在（流程所在时区）",
  "its source, where several use the number": "其数据源（编号相同的有多条时）",
  "number of the record": "记录编号",
  "source of the record, where several use the number": "记录的数据源（编号相同的有多条时）",
  "office that acts, never a person; the body's own code for dispute and apply_repair":
    "办理的单位，不写个人；dispute 和 apply_repair 写该单位自己的代码或名称",
  "when it happened; default: now": "发生的时间；默认为现在",
  "number of the document": "文书号",
  "body that must answer the objection or withdraw the record": "应当答复异议或撤下记录的单位",
  "as confirmed or corrected": "按认定或更正的结果",
  "the act was corrected and its duty performed": "失信行为已纠正、义务已履行",
  "a public commitment was made": "已作出公开信用承诺",
  "another body must check: the longer limit holds": "需其他单位核查，适用较长期限",
  "why; not published": "原因，不公开",
  "events as docs/records.md describes them": "事件，格式见 docs/records.md",
  "also what the platform refused for good, or was given up": "也包括平台拒收或已放弃的",
  "why, for the journal; no names or numbers of persons": "原因（记入日志），不写个人姓名或号码",
  "hold nothing of this column back any more": "此列今后不再暂缓公开",
  "office that acts, never a person": "办理的单位，不写个人",
  "core column, as record_key": "核心列，如 record_key",
  "what stands in place of the texts; `quarantine` lists them": "代替文字的标记，见 `quarantine`",
  "say what is damaged and what would be done, and do nothing":
    "只说明哪里损坏、将如何处理，不作改动",
  "make a database of another version anew too": "版本不同的数据库也重建",
  "sign what was published without a signature, as it lies, on your word":
    "由您确认后，为没有签名的已发布内容补签",
  "evaluate the draws-<level>.csv of this folder instead of new draws":
    "评价此文件夹中的 draws-<层级>.csv，不另行抽样",
  "write draws-<level>.csv and scores-<level>.csv into this folder":
    "将 draws-<层级>.csv 和 scores-<层级>.csv 写入此文件夹",
  "serve /health, /ready and /metrics on this port too":
    "同时在此端口提供 /health、/ready 和 /metrics",
  "port of the web server (setting ZHENGXIN_PORT)": "网页服务的端口（设置 ZHENGXIN_PORT）",
  "how it is answered": "结果的格式",
  "write the answer to a file": "将结果写入文件",
  "CSV without the byte order mark that Excel needs": "CSV 不带 Excel 所需的字节顺序标记",
  "one query; without it, on a terminal, a shell is opened": "一条查询；在终端上省略则进入交互",
  "take them away; without it nothing is changed": "移走；不加此项则不作改动",
  "what it may do": "权限",
  "the body an officer acts for; without it, for any": "经办人员所代表的单位；不写则不限单位",
  "the office it belongs to, as the pipeline's offices name it":
    "所属的部门，按流程 offices 中的编号",
  "how long it is good": "有效天数",
  "whose it is": "令牌归谁使用",
  "the token's id, as in the list": "令牌编号，见列表",
  "a certain run of the period; default: the latest": "本期的某次运行；默认为最近一次",
  "also build it again from the raw files and compare every byte":
    "并由原始文件重新生成，逐字节对照",
  "public keys of the office; default: those in DATA_DIR/public-keys":
    "机关的公钥；默认为 DATA_DIR/public-keys 中的",
  "name of a file in pipelines/, or a published folder": "pipelines/ 中的文件名，或已发布的文件夹",
  "why, for the journal; no names of persons": "原因（记入日志），不写个人姓名",
  "take an earlier withdrawal back: the file counts again": "撤销此前的停用，文件重新计入",
  "its name as received, or the beginning of its SHA-256": "收到时的文件名，或其 SHA-256 的开头",
  "output the version number": "显示版本号",
  "display help for command": "显示命令的帮助",
};

/** A text of the help in both languages; one of names alone, as those of events, is told as it is. */
export function inBothLanguages(english: string): string {
  const chinese = Object.hasOwn(IN_CHINESE, english) ? IN_CHINESE[english] : undefined;
  return chinese === undefined ? english : `${chinese} ${english}`;
}
