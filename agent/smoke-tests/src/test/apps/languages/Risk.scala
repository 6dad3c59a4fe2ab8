package languages

case class Applicant(age: Int, income: Double, region: String)

trait Scoring {
  def weight: Double

  /** The body is a method of the trait. */
  def weighed(x: Double): Double = weight * x
}

class ScalaRisk extends Scoring {
  val weight = 0.5

  def score(applicant: Applicant): Double = applicant.income / (applicant.age + 1)

  def scoreAll(applicants: Seq[Applicant]): Seq[Double] = applicants.map(score)
}

/** Models in Scala: a class, a trait's method, a singleton. */
object ScalaMain {
  def rate(x: Double, code: Option[String]): Double = x + code.fold(0.0)(_.length.toDouble)

  def main(arguments: Array[String]): Unit = {
    val risk = new ScalaRisk
    val sum = (0 until 30).map(i => risk.score(Applicant(i, i * 10.0, if (i % 2 == 0) "north" else "south"))).sum
    val weighed = (0 until 20).map(i => risk.weighed(i)).sum
    val rated = (0 until 10).map(i => rate(i, if (i > 4) Some("ab") else None)).sum
    val all = risk.scoreAll(Vector(Applicant(1, 2, "north"), Applicant(3, 4, "south"))).sum
    println(f"scala $sum%.6f $weighed%.1f $rated%.1f $all%.1f")
  }
}
