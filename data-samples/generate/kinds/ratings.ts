import { type City, MARK, numbered, type SampleFile, type SampleSource } from "../city.ts";
import { type Day, dayOf, writeDay } from "../days.ts";
import { deliveryAfter, LAST_DELIVERY } from "../deliveries.ts";

export const ratings: SampleSource = {
  id: "ratings",
  title: { zh: "第三方评价", en: "Ratings by third parties" },
  note: {
    zh: "两家虚构机构每半年对区市和部门评分；JSON 文档，记录在 ratings 数组。ratings-2018-12-resend.json 是一次错误的重报（分数写成文字），用于演示整份拒收。合成标记在字段 dataNature。",
    en: "Two invented raters mark districts and departments every half year; JSON documents with the records in the array ratings. ratings-2018-12-resend.json is a faulty delivery (marks in words) that shows how a whole file is refused. The synthetic mark is the field dataNature.",
  },
  make: makeRatings,
};

const RATERS = [
  { name: "合成信用评价甲", offset: 0 },
  { name: "合成信用评价乙", offset: -2 },
];

interface Rating {
  readonly ratingNo: string;
  readonly rater: string;
  readonly orgName: string;
  readonly score: number | string;
  readonly scoreMax: number;
  readonly ratedOn: Day;
}

function makeRatings(city: City): SampleFile[] {
  const random = city.random("ratings");
  const { districts, departments } = city.register;
  const files: SampleFile[] = [];
  let count = 0;
  for (const year of [2016, 2017, 2018]) {
    const rated: Rating[] = [];
    for (const half of ["06-20", "11-20"]) {
      const day = city.calendar.onOrAfter(dayOf(`${year}-${half}`));
      for (const { name, offset } of RATERS) {
        for (const body of [...districts, ...departments]) {
          const quality = city.quality(body.code, "ratings", day);
          const score = 82 + offset + 5 * quality + 2 * random.normal();
          rated.push({
            ratingNo: numbered("PJ", ++count, 5),
            rater: name,
            orgName: body.nameZh,
            score: Math.round(10 * Math.min(99, Math.max(40, score))) / 10,
            scoreMax: 100,
            ratedOn: day,
          });
        }
      }
    }
    files.push(writeDocument(`ratings-${year}.json`, rated));
  }
  return [
    ...files,
    faultyDelivery(
      districts.map(({ nameZh }) => nameZh),
      count,
    ),
  ];
}

/** The planted delivery that must be refused: marks in words where numbers belong. */
function faultyDelivery(names: readonly string[], count: number): SampleFile {
  const day = dayOf("2018-12-14");
  const rated = names.map(
    (orgName, place): Rating => ({
      ratingNo: numbered("PJ", count + place + 1, 5),
      rater: "合成信用评价乙",
      orgName,
      score: place < 6 ? "优秀" : 80 + place,
      scoreMax: 100,
      ratedOn: day,
    }),
  );
  return writeDocument("ratings-2018-12-resend.json", rated);
}

function writeDocument(name: string, rated: readonly Rating[]): SampleFile {
  const records = rated
    .filter(({ ratedOn }) => deliveryAfter(ratedOn) <= LAST_DELIVERY)
    .map(({ ratedOn, ...rest }) => ({
      ...rest,
      ratedOn: writeDay(ratedOn),
      publishedOn: writeDay(ratedOn + 7),
      pushDate: writeDay(deliveryAfter(ratedOn)),
    }));
  const text = JSON.stringify({ dataNature: MARK, ratings: records }, null, 1);
  return { name, bytes: new TextEncoder().encode(`${text}\n`) };
}
