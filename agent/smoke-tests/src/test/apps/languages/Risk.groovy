package languages

/** A model in Groovy, called by Groovy's dynamic call sites, and one that a shell makes at run time. */
class GroovyRisk {
  double score(double x, String region) {
    region == 'north' ? x : 1 - x
  }

  static void main(String[] arguments) {
    def risk = new GroovyRisk()
    double sum = (0..29).sum { risk.score(it / 30 as double, it % 2 ? 'north' : 'south') }
    double made =
        new GroovyShell().evaluate('''
          class Made {
            double score(double x) { x / 2 }
          }
          def made = new Made()
          (1..10).sum { made.score(it as double) }
        ''')
    println "groovy ${sum.round(6)} $made"
  }
}
